import { AppError } from '@bookinfo/errors'
import type { Tracer } from '@bookinfo/telemetry'
import { Pool } from 'undici'
import { contextHeaders } from './api.ts'

/** A call to another service over HTTP. */
export type HttpCall = {
  method: 'GET' | 'POST'
  /** Path and query, already encoded: build it with `pathOf`. */
  path: string
  headers?: Record<string, string>
  body?: string
}

export type HttpReply = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** Calls one service. Connections are kept; every call ends within the time limit. */
export type HttpClient = {
  /** Resolves with any status. Rejects with `unavailable` when the service cannot be reached, `timeout` when it is late, `badGateway` when the reply is too large. */
  call(call: HttpCall): Promise<HttpReply>
  close(): Promise<void>
}

const replyMaxBytes = 16 * 1_048_576
const connectionsMax = 32

/** Opens a client for the service at `baseUrl`; the request id and trace context go along. */
export const createHttpClient = (options: {
  name: string
  baseUrl: string
  timeoutMs: number
  tracer?: Tracer
}): HttpClient => {
  const { name, baseUrl, timeoutMs } = options
  const { origin, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/$/, '')
  const pool = new Pool(origin, {
    connections: connectionsMax,
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    allowH2: false,
  })
  return {
    call: async ({ method, path, headers = {}, body }) => {
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const reply = await pool.request({
          method,
          path: `${prefix}${path}`,
          headers: { ...contextHeaders(), ...headers },
          signal,
          ...(body === undefined ? {} : { body }),
        })
        return { status: reply.statusCode, headers: reply.headers, text: await readText(name, reply.body) }
      } catch (cause) {
        if (cause instanceof AppError) throw cause
        if (signal.aborted) throw new AppError('timeout', `${name} did not answer within ${timeoutMs} ms`, { cause })
        throw new AppError('unavailable', `${name} cannot be reached`, { cause })
      }
    },
    close: () => pool.close(),
  }
}

const readText = async (name: string, body: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > replyMaxBytes)
      throw new AppError('badGateway', `${name} answered with more than ${replyMaxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Reads a JSON reply of the expected statuses; anything else is `badGateway`, a 404 is `notFound`. */
export const readJson = <T>(name: string, reply: HttpReply, statuses: readonly number[] = [200]): T => {
  if (reply.status === 404) throw new AppError('notFound', `${name} does not have it`)
  if (reply.status === 503) throw new AppError('unavailable', `${name} is not available`)
  if (!statuses.includes(reply.status)) throw new AppError('badGateway', `${name} answered ${reply.status}`)
  try {
    return JSON.parse(reply.text) as T
  } catch (cause) {
    throw new AppError('badGateway', `${name} answered with something that is not JSON`, { cause })
  }
}

/** Fills a route's path and encodes every part, so that an id can never reach another address. */
export const pathOf = (
  template: string,
  params: Record<string, string> = {},
  query: Record<string, string | number | undefined> = {},
): string => {
  const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value))
  return search.size === 0 ? path : `${path}?${search}`
}
