import { Pool } from 'undici'
import { buildHttpRequest, policyAllows, type TriggerRequest } from '../http-trigger/request.ts'
import type { Executor } from './kinds.ts'

/** Where the host of a trigger's URL is on this machine: called in this process if it can be, else dialled at its origin. */
export type HttpTarget = {
  origin: string
  call?(request: TriggerRequest): Promise<{ status: number; text: string }> | undefined
}

/** Finds the target of an address; undefined means that the address is dialled as it is. */
export type HttpTargets = (url: URL) => HttpTarget | undefined

const defaultTimeoutSeconds = 60
const connectionsMax = 64
const redirectsMax = 10
const replyMaxBytes = 2_048

/** Argo's HTTP trigger over kept connections. Without a status policy every answer counts as a success, as in Argo. */
export const createHttpExecutor = ({ targets }: { targets: HttpTargets }): Executor => {
  const pools = new Map<string, Pool>()
  const poolOf = (origin: string): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { connections: connectionsMax, pipelining: 1, allowH2: false })
    pools.set(origin, pool)
    return pool
  }

  const send = async (
    request: TriggerRequest,
    timeoutMs: number,
  ): Promise<{ status: number; text: string; location?: string }> => {
    const url = new URL(request.url)
    const target = targets(url)
    const direct = target?.call?.(request)
    if (direct !== undefined) return within(timeoutMs, direct)
    const origin = target?.origin ?? url.origin
    const reply = await poolOf(origin).request({
      method: request.method as 'POST',
      path: `${url.pathname}${url.search}`,
      headers: request.headers.flat(),
      body: request.body,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const location = reply.headers.location
    return {
      status: reply.statusCode,
      text: await readStart(reply.body),
      ...(typeof location === 'string' && { location }),
    }
  }

  return {
    execute: async (trigger, { events, headers }) => {
      const timeoutMs = (trigger.template.http?.timeout || defaultTimeoutSeconds) * 1_000
      let request = withHeaders(buildHttpRequest(trigger, events), headers)
      for (let redirects = 0; ; redirects += 1) {
        const { status, text, location } = await send(request, timeoutMs)
        if (location === undefined || status < 300 || status > 308) {
          if (policyAllows(trigger, status)) return { status, error: null }
          return { status, error: `status ${status} is not allowed: ${text}`.trim() }
        }
        if (redirects === redirectsMax) throw new Error(`stopped after ${redirectsMax} redirects`)
        request = redirected(request, status, location)
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()))
    },
  }
}

const within = async <T>(limitMs: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** 301, 302 and 303 turn everything but GET and HEAD into a GET without a body; 307 and 308 repeat the request (net/http). */
const redirected = (request: TriggerRequest, status: number, location: string): TriggerRequest => {
  const url = new URL(location, request.url).href
  if (status === 307 || status === 308 || request.method === 'GET') return { ...request, url }
  return { ...request, url, method: 'GET', body: '' }
}

const withHeaders = (request: TriggerRequest, added: Record<string, string>): TriggerRequest => ({
  ...request,
  headers: [...request.headers, ...Object.entries(added)],
})

/** The start of a reply, for error texts; the rest is read and dropped so that the connection can be used again. */
const readStart = async (body: AsyncIterable<Buffer>): Promise<string> => {
  let start = Buffer.alloc(0)
  for await (const chunk of body) {
    if (start.length < replyMaxBytes) start = Buffer.concat([start, chunk]).subarray(0, replyMaxBytes)
  }
  return start.toString('utf8')
}
