import { randomUUID } from 'node:crypto'
import type { Route, ServiceDefinition } from '@bookinfo/contract'
import { AppError, describeError, errorCodes, toAppError } from '@bookinfo/errors'
import { currentContext, withContext } from '@bookinfo/logging'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { TSchema } from 'typebox'
import { assertHost, assertOperator } from './access.ts'
import { answerClientError } from './client-error.ts'
import type { Handlers } from './handlers.ts'
import type { Kit } from './kit.ts'
import type { RequestTelemetry } from './request-telemetry.ts'
import { bodyMaxBytes, header, requestReader } from './read-request.ts'

const requestTimeoutMs = 30_000
const keepAliveTimeoutMs = 65_000
const pathParameterMaxCharacters = 1_000

/** Renders a failure for a client that wants something else than `{"error": …}`. */
export type ErrorRenderer = (
  error: AppError,
  request: { url: string; headers: FastifyRequest['headers'] },
) => { contentType: string; body: string } | undefined

type Options<Routes extends Record<string, Route>> = {
  kit: Kit
  telemetry: RequestTelemetry
  definition: ServiceDefinition<Routes>
  handlers: Handlers<Routes>
  renderError?: ErrorRenderer | undefined
  /** Headers that every reply carries, such as a content security policy. */
  replyHeaders?: Record<string, string> | undefined
}

/** A service's public server: validates by the contract, answers errors without internals, logs and counts each request once. */
export const createApi = <Routes extends Record<string, Route>>(options: Options<Routes>): FastifyInstance => {
  const { kit, telemetry, definition, handlers, renderError, replyHeaders = {} } = options
  const server = fastify({
    bodyLimit: bodyMaxBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: pathParameterMaxCharacters },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => sendError(reply, fromFastify(error), request),
  })

  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.setValidatorCompiler(() => () => true)

  const sendError = (reply: FastifyReply, error: AppError, request: FastifyRequest) => {
    const { status } = errorCodes[error.code]
    const rendered = renderError?.(error, request)
    return reply
      .code(status)
      .headers({ ...replyHeaders, ...error.headers })
      .type(rendered?.contentType ?? 'application/json; charset=utf-8')
      .serializer((body: string) => body)
      .send(rendered?.body ?? JSON.stringify({ error: status === 500 ? 'internal error' : error.message }))
  }

  server.addHook('onRequest', (request, reply, done) => {
    const requestId = header(request.headers['x-request-id'])?.slice(0, 200) || randomUUID()
    const { method, headers, routeOptions } = request
    const span = telemetry.start(request, { method, route: routeOptions.url, traceparent: headers.traceparent })
    reply.header('x-request-id', requestId)
    withContext({ requestId, ...span.context }, () => {
      try {
        assertHost(kit.config.allowedHosts, request.headers.host)
        done()
      } catch (error) {
        done(error as Error)
      }
    })
  })
  let isClosing = false
  server.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  // A connection that stays open would hold up the stop until the drain limit.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })
  server.addHook('onResponse', (request, reply, done) => {
    telemetry.finish(request, { url: request.url, ip: request.ip, status: reply.statusCode })
    done()
  })
  server.setErrorHandler((thrown, request, reply) => {
    const error = fromFastify(thrown)
    if (errorCodes[error.code].status >= 500) {
      kit.logger.error('request failed', { error: describeError(error), method: request.method, path: request.url })
    }
    return sendError(reply, error, request)
  })

  for (const [name, route] of Object.entries(definition.routes)) {
    const handler = handlers[name] as (request: unknown) => Promise<AnyReply>
    const read = requestReader(route)
    server.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyMaxBytes ?? bodyMaxBytes,
      schema: { response: responseSchemas(route) },
      handler: async (request, reply) => {
        if (route.operatorOnly) assertOperator(kit.config.operatorToken, request.headers.authorization)
        const { headers: given, params, query, body: bytes, url } = request
        const asked = { headers: given, params, query: query as Record<string, unknown>, bytes: bytes as Buffer, url }
        const { status, body, headers } = await handler(read(asked))
        reply.code(status).headers({ ...replyHeaders, ...headers })
        const mediaType = (route.reply[status] as { contentMediaType?: string } | null)?.contentMediaType
        if (mediaType !== undefined) return reply.type(`${mediaType}; charset=utf-8`).serializer(asIs).send(body)
        return body === null ? reply.send() : reply.send(body)
      },
    })
  }
  server.setNotFoundHandler((request, reply) =>
    sendError(reply, notFound(Object.values(definition.routes), request), request),
  )
  return server
}

type AnyReply = { status: number; body: unknown; headers?: Record<string, string> }

const asIs = (body: unknown) => body as string

const responseSchemas = (route: Route): Record<string, TSchema> =>
  Object.fromEntries(
    Object.entries(route.reply).filter(
      (entry): entry is [string, TSchema] =>
        entry[1] !== null && (entry[1] as { contentMediaType?: string }).contentMediaType === undefined,
    ),
  )

const fromFastify = (thrown: unknown): AppError => {
  const code = (thrown as { code?: string } | undefined)?.code
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('tooLarge', 'the request body is too large', { cause: thrown })
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_ASYNC_CONSTRAINT') {
    return new AppError('invalid', 'the address is not valid', { cause: thrown })
  }
  const status = (thrown as { statusCode?: number } | undefined)?.statusCode
  if (!(thrown instanceof AppError) && status !== undefined && status >= 400 && status < 500) {
    return new AppError('invalid', 'the request is not valid', { cause: thrown })
  }
  return toAppError(thrown)
}

const notFound = (routes: readonly Route[], request: FastifyRequest): AppError => {
  const path = request.url.split('?')[0] as string
  const allowed = routes.filter((route) => templatePattern(route.path).test(path)).map((route) => route.method)
  if (allowed.length === 0) return new AppError('notFound', 'there is nothing at this address')
  const methods = [...new Set(allowed)].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return new AppError('methodNotAllowed', `${request.method} is not supported here; try ${methods.join(' or ')}`, {
    headers: { allow: methods.join(', ') },
  })
}

const templatePattern = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`)

/** The request id and trace of the request being handled, as headers for the next hop. */
export const contextHeaders = (): Record<string, string> => {
  const context = currentContext()
  if (context === undefined) return {}
  return {
    'x-request-id': context.requestId,
    traceparent: `00-${context.traceId}-${context.spanId}-${context.traceFlags}`,
  }
}
