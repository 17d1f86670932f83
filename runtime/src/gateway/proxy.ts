import type { IncomingMessage, ServerResponse } from 'node:http'
import { Pool } from 'undici'
import { sendJson } from './reply.ts'

const connectionsMax = 128
const replyTimeoutMs = 30_000
const connectTimeoutMs = 2_000

// RFC 9110, section 7.6.1: these belong to one connection.
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'expect',
])

/** Passes requests on to services over kept connections; what goes wrong is a JSON error. */
export type Proxy = {
  forward(
    request: IncomingMessage,
    response: ServerResponse,
    to: { origin: string; headers: Record<string, string> },
  ): Promise<void>
  close(): Promise<void>
}

/** Creates a proxy without connections; they are made when needed. */
export const createProxy = (): Proxy => {
  const pools = new Map<string, Pool>()
  const poolOf = (origin: string): Pool => {
    const options = {
      connections: connectionsMax,
      headersTimeout: replyTimeoutMs,
      bodyTimeout: replyTimeoutMs,
      connectTimeout: connectTimeoutMs,
    }
    const pool = pools.get(origin) ?? new Pool(origin, { ...options, allowH2: false })
    pools.set(origin, pool)
    return pool
  }
  return {
    forward: async (request, response, { origin, headers }) => {
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
      try {
        await poolOf(origin).stream(
          {
            method: request.method as 'GET',
            path: request.url ?? '/',
            headers: { ...endToEnd(request.headers), ...headers },
            body: hasBody ? request : null,
            signal: gone.signal,
          },
          ({ statusCode, headers: answered }) => {
            response.writeHead(statusCode, endToEnd(answered))
            return response
          },
        )
      } catch (error) {
        if (gone.signal.aborted) return
        if (response.headersSent) return void response.destroy()
        const isLate = /Timeout/.test((error as Error).name) && (error as Error).name !== 'ConnectTimeoutError'
        if (isLate) return sendJson(response, 504, { error: 'the service did not answer in time' })
        sendJson(response, 503, { error: 'the service is not available; try again' }, { 'retry-after': '1' })
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

const endToEnd = (headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> => {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !hopByHop.has(entry[0]) && !named.includes(entry[0]),
    ),
  )
}
