import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AppError } from '@bookinfo/errors'
import { answerClientError } from '@bookinfo/server'

const requestTimeoutMs = 30_000
const headersTimeoutMs = 10_000
const keepAliveTimeoutMs = 65_000
const connectionsMax = 10_000

/** Starts an HTTP server with time limits for slow clients; a taken port is named. */
export const listen = async (
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; close(drainMs: number): Promise<void> }> => {
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: headersTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs },
    handle,
  )
  server.maxConnections = connectionsMax
  server.on('clientError', (error, socket) => answerClientError(error, socket as Socket))
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) =>
      reject(
        new AppError(
          'unavailable',
          cause.code === 'EADDRINUSE' ? `port ${port} is taken` : `listening on ${host}:${port}`,
          { cause },
        ),
      )
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
  const { port: actual } = server.address() as AddressInfo
  return { url: `http://${host}:${actual}`, close: (drainMs) => close(server, drainMs) }
}

const close = (server: Server, drainMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
