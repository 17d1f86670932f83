import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, errorCodes, toAppError } from '@bookinfo/errors'
import type { Logger } from '@bookinfo/logging'
import type { Metrics } from '@bookinfo/metrics'
import { assertHost } from '@bookinfo/server'
import { childOf, formatTraceparent, parseTraceparent } from '@bookinfo/telemetry'
import type { Webhook } from '../eventsources/webhook.ts'
import type { HttpRoute } from '../manifest/kinds.ts'
import { createMatcher } from './match.ts'
import { createProxy } from './proxy.ts'
import { headerPairs, readBody, sendJson } from './reply.ts'

export type GatewayOptions = {
  routes: readonly HttpRoute[]
  /** The webhook behind a Service and path, when it is one of ours: the hop to it is a function call. */
  webhookOf(service: string, path: string): Webhook | undefined
  /** The address of a Service. */
  originOf(service: string): string | undefined
  /** What became of a command; undefined when nobody knows the event. */
  commandStatus(eventId: string): Promise<{ id: string; status: string } | undefined>
  allowedHosts: readonly string[] | undefined
  logger: Logger
  metrics: Metrics
}

// Only our own parts may say that a request is a replay or what went wrong with it.
const internalHeaders = /^(dead-letter-|sluice-)/i

/** Routes by method and path, as the HTTPRoutes say: reads to services, writes to webhooks. */
export const createGateway = (options: GatewayOptions) => {
  const { routes, webhookOf, originOf, commandStatus, allowedHosts, logger, metrics } = options
  const match = createMatcher(routes)
  const proxy = createProxy()
  const duration = metrics.histogram('gateway_request_duration_seconds', 'Time to answer a request', [
    'method',
    'route',
    'status',
  ])

  const accept = async (
    webhook: Webhook,
    request: IncomingMessage,
    response: ServerResponse,
    added: Record<string, string>,
  ) => {
    const sent = headerPairs(request)
    const body = await readBody(request, webhook.bodyMaxBytes(sent))
    const given = sent.filter(([name]) => !internalHeaders.test(name) && !Object.hasOwn(added, name.toLowerCase()))
    const [path = '', query = ''] = (request.url ?? '/').split('?')
    const headers = [...given, ...Object.entries(added)]
    const reply = await webhook.accept({ method: request.method ?? '', path, query, headers, body }, 'client')
    response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
    response.end(reply.body)
  }

  const route = async (
    request: IncomingMessage,
    response: ServerResponse,
    added: Record<string, string>,
  ): Promise<string> => {
    assertHost(allowedHosts, request.headers.host)
    const method = request.method ?? 'GET'
    const path = (request.url ?? '/').split('?')[0] as string
    const command = /^\/v1\/commands\/([\w.:-]{1,300})$/.exec(path)?.[1]
    if (command !== undefined && (method === 'GET' || method === 'HEAD')) {
      const status = await commandStatus(command)
      if (status === undefined) throw new AppError('notFound', `there is no event ${command}`)
      sendJson(response, 200, status)
      return 'commands'
    }
    const found = match(method, path)
    if (!('backend' in found)) {
      if (found.methods.length === 0) throw new AppError('notFound', 'there is nothing at this address')
      throw new AppError('methodNotAllowed', `${method} is not supported here`, {
        headers: { allow: found.methods.join(', ') },
      })
    }
    const { route: name, service } = found.backend
    const webhook = webhookOf(service, path)
    if (webhook !== undefined) {
      await accept(webhook, request, response, added)
      return name
    }
    const origin = originOf(service)
    if (origin === undefined) throw new AppError('unavailable', `service ${service} has no address here`)
    const forwarded = {
      'x-forwarded-for': request.socket.remoteAddress ?? '',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': request.headers.host ?? '',
    }
    await proxy.forward(request, response, { origin, headers: { ...added, ...forwarded, host: new URL(origin).host } })
    return name
  }

  return {
    handle: (request: IncomingMessage, response: ServerResponse): void => {
      const startMs = performance.now()
      const requestId = header(request, 'x-request-id')?.slice(0, 200) || randomUUID()
      const context = childOf(parseTraceparent(header(request, 'traceparent')))
      const added = { 'x-request-id': requestId, traceparent: formatTraceparent(context) }
      response.setHeader('x-request-id', requestId)
      route(request, response, added)
        .catch((thrown) => {
          fail(request, response, toAppError(thrown))
          return 'none'
        })
        .then((name) => {
          const method = request.method ?? ''
          const durationMs = performance.now() - startMs
          duration.observe({ method, route: name, status: String(response.statusCode) }, durationMs / 1_000)
          logger.debug('request completed', {
            method,
            path: (request.url ?? '').slice(0, 500),
            route: name,
            status: response.statusCode,
            duration_ms: Math.round(durationMs * 1_000) / 1_000,
            request_id: requestId,
            trace_id: context.traceId,
          })
        })
    },
    close: () => proxy.close(),
  }
}

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const fail = (request: IncomingMessage, response: ServerResponse, { code, message, headers }: AppError): void => {
  if (response.headersSent || response.destroyed) return
  const { status } = errorCodes[code]
  // What was not read of a refused body would be taken for the next request.
  const closing: Record<string, string> = request.complete ? {} : { connection: 'close' }
  sendJson(response, status, { error: status === 500 ? 'internal error' : message }, { ...closing, ...headers })
}
