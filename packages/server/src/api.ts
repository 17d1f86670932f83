import { randomUUID } from 'node:crypto'
import { type Route, type ServiceDefinition, type Validator, validator } from '@bookinfo/contract'
import { AppError, describeError, errorCodes, toAppError } from '@bookinfo/errors'
import { currentContext, withContext } from '@bookinfo/logging'
import { parseTraceparent } from '@bookinfo/telemetry'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { TSchema } from 'typebox'
import { assertHost, assertOperator } from './access.ts'
import { parseBody } from './body.ts'
import type { Handlers } from './handlers.ts'
import type { Kit } from './kit.ts'
import { parseQuery } from './query.ts'
import { createRequestTelemetry } from './request-telemetry.ts'

const bodyMaxBytes = 1_048_576
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
  definition: ServiceDefinition<Routes>
  handlers: Handlers<Routes>
  renderError?: ErrorRenderer | undefined
  /** Headers that every reply carries, such as a content security policy. */
  replyHeaders?: Record<string, string> | undefined
}

/** A service's public server: validates by the contract, answers errors without internals, logs and counts each request once. */
export const createApi = <Routes extends Record<string, Route>>(options: Options<Routes>): FastifyInstance => {
  const { kit, definition, handlers, renderError, replyHeaders = {} } = options
  const server = fastify({
    bodyLimit: bodyMaxBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: pathParameterMaxCharacters },
    frameworkErrors: (error, request, reply) => sendError(reply, fromFastify(error), request),
  })
  const telemetry = createRequestTelemetry(kit)

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
    const span = telemetry.start(request, parseTraceparent(header(request.headers.traceparent)))
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
    telemetry.finish(request, reply.statusCode)
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
        const { status, body, headers } = await handler(read(request))
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

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

const requestReader = (route: Route) => {
  const readers = {
    params: route.params && validator(route.params),
    query: route.query && validator(route.query),
    body: route.body && validator(route.body),
  }
  return (request: FastifyRequest) => {
    const contentType = request.headers['content-type']
    return {
      params: accept(readers.params, request.params),
      query: accept(readers.query, parseQuery(route.query, request.query as Record<string, unknown>)),
      body: accept(readers.body, parseBody(route, contentType, request.body as Buffer | undefined), route.body),
      headers: request.headers,
      url: request.url,
    }
  }
}

const accept = (schema: Validator<TSchema> | undefined, value: unknown, source?: TSchema): unknown => {
  if (schema === undefined) return undefined
  if (value === undefined && (source as { bodyOptional?: boolean } | undefined)?.bodyOptional) return undefined
  if (schema.check(value)) return value
  throw new AppError('invalid', schema.problems(value).join('; ') || 'the request is not valid')
}

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
