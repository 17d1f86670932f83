import { Pool } from 'undici'
import { followRedirects } from '../http-trigger/redirect.ts'
import { buildHttpRequest, policyAllows, type TriggerRequest } from '../http-trigger/request.ts'
import type { TlsConfig, Trigger } from '../manifest/types.ts'
import type { References } from '../secrets.ts'
import type { Executor } from './kinds.ts'
import { tlsOptions } from './tls.ts'

/** Where the host of a trigger's URL is on this machine: called in this process if it can be, else dialled at its origin. */
export type HttpTarget = {
  origin: string
  call?(request: TriggerRequest): Promise<{ status: number; text: string }> | undefined
}

/** Finds the target of an address; undefined means that the address is dialled as it is. */
export type HttpTargets = (url: URL) => HttpTarget | undefined

type Answer = {
  status: number
  location: string | undefined
  /** The start of the answer's text; reads the rest, so that the connection can be used again. */
  read(): Promise<string>
  /** Drops the text. */
  drop(): void
}

const defaultTimeoutSeconds = 60
const connectionsMax = 64
const replyMaxBytes = 2_048

/** Argo's HTTP trigger over kept connections. Without a status policy every answer counts as a success, as in Argo. */
export const createHttpExecutor = (needs: { targets: HttpTargets; references: References }): Executor => {
  const { targets, references } = needs
  const pools = new Map<string, Pool>()
  const poolOf = (origin: string, tls: TlsConfig | undefined): Pool => {
    const name = tls ? `${origin} ${JSON.stringify(tls)}` : origin
    const known = pools.get(name)
    if (known) return known
    const connect = tls && { connect: tlsOptions(tls, references) }
    const pool = new Pool(origin, { connections: connectionsMax, pipelining: 1, allowH2: false, ...connect })
    pools.set(name, pool)
    return pool
  }

  const send = async (request: TriggerRequest, { tls, timeoutMs, signal }: Exchange): Promise<Answer> => {
    const url = new URL(request.url)
    const target = targets(url)
    const direct = target?.call?.(request)
    if (direct !== undefined) {
      const { status, text } = await unlessAborted(signal, direct)
      return { status, location: undefined, read: async () => text, drop: () => {} }
    }
    const { method, host, body } = request
    const reply = await poolOf(target?.origin ?? url.origin, tls).request({
      method: method as 'POST',
      path: `${url.pathname}${url.search}`,
      headers: [...(host ? ['host', host] : []), ...request.headers.flat()],
      body,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal,
    })
    const { location } = reply.headers
    return {
      status: reply.statusCode,
      location: typeof location === 'string' ? location : undefined,
      read: () => readStart(reply.body),
      drop: () => void reply.body.dump().catch(() => {}),
    }
  }

  return {
    execute: async (trigger, { events, headers }) => {
      const exchange = exchangeOf(trigger)
      const first = withHeaders(buildHttpRequest(trigger, events, references), headers)
      const follow = followRedirects(first)
      for (let request: TriggerRequest | undefined = first; ; ) {
        const answer: Answer = await send(request, exchange)
        const { status } = answer
        request = follow(answer)
        if (request === undefined && !policyAllows(trigger, status)) {
          const text = await answer.read().catch(() => '')
          return { status, error: `status ${status} is not allowed: ${text}`.trim() }
        }
        answer.drop()
        if (request === undefined) return { status, error: null }
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

type Exchange = { tls: TlsConfig | undefined; timeoutMs: number; signal: AbortSignal }

/** One limit for all that an attempt does, redirects too. */
const exchangeOf = ({ template: { http } }: Trigger): Exchange => {
  const timeoutMs = (http?.timeout && http.timeout > 0 ? http.timeout : defaultTimeoutSeconds) * 1_000
  return { tls: http?.tls, timeoutMs, signal: AbortSignal.timeout(timeoutMs) }
}

const unlessAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const ended = Promise.withResolvers<never>()
  const end = () => ended.reject(signal.reason)
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([work, ended.promise])
  } finally {
    signal.removeEventListener('abort', end)
  }
}

const withHeaders = (request: TriggerRequest, added: Record<string, string>): TriggerRequest => ({
  ...request,
  headers: [...request.headers, ...Object.entries(added)],
})

/** The start of a reply, for error texts. */
const readStart = async (body: AsyncIterable<Buffer>): Promise<string> => {
  let start = Buffer.alloc(0)
  for await (const chunk of body) {
    if (start.length < replyMaxBytes) start = Buffer.concat([start, chunk]).subarray(0, replyMaxBytes)
  }
  return start.toString('utf8')
}
