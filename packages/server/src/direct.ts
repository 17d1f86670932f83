import { randomUUID } from 'node:crypto'
import type { Route, ServiceDefinition } from '@bookinfo/contract'
import { AppError, describeError, errorCodes, toAppError } from '@bookinfo/errors'
import { withContext } from '@bookinfo/logging'
import type { Handlers } from './handlers.ts'
import type { Kit } from './kit.ts'
import { bodyMaxBytes, requestReader } from './read-request.ts'
import type { RequestTelemetry } from './request-telemetry.ts'

/** A request of the same process. Header names are in lower case. */
export type DirectRequest = { method: string; path: string; headers: Record<string, string>; body: Buffer }
/** `text` says why it failed; a success has none, as nobody in the process reads it. */
export type DirectReply = { status: number; text: string }

/**
 * Calls a service without a socket: the same validation, handler, status, log line and count as over HTTP. Undefined for what is not a
 * route with a plain path; that goes over HTTP.
 */
export type DirectCall = (request: DirectRequest) => Promise<DirectReply> | undefined

const callerAddress = '127.0.0.1'

/** A service's direct calls, for a runtime in its process. */
export const createDirectCall = <Routes extends Record<string, Route>>(options: {
  kit: Kit
  telemetry: RequestTelemetry
  definition: ServiceDefinition<Routes>
  handlers: Handlers<Routes>
}): DirectCall => {
  const { kit, telemetry, definition, handlers } = options
  const answers = new Map(
    Object.entries(definition.routes)
      .filter(([, { operatorOnly, path }]) => !operatorOnly && !path.includes(':'))
      .map(([name, route]) => [`${route.method} ${route.path}`, answerer(route, handlers[name] as AnyHandler)]),
  )

  return (request) => {
    const { method, path: url, headers } = request
    const answer = answers.get(`${method} ${url}`)
    if (answer === undefined) return undefined
    const requestId = headers['x-request-id'] || randomUUID()
    const span = telemetry.start(request, { method, route: url, traceparent: headers.traceparent })
    return withContext({ requestId, ...span.context }, async () => {
      const reply = await answer(request).catch((thrown) => {
        const { code, message } = toAppError(thrown)
        const { status } = errorCodes[code]
        if (status >= 500) kit.logger.error('request failed', { error: describeError(thrown), method, path: url })
        return { status, text: JSON.stringify({ error: status === 500 ? 'internal error' : message }) }
      })
      telemetry.finish(request, { url, ip: callerAddress, status: reply.status })
      return reply
    })
  }
}

type AnyHandler = (request: unknown) => Promise<{ status: number }>

const answerer = (route: Route, handler: AnyHandler) => {
  const read = requestReader(route)
  return async ({ headers, body: bytes, path: url }: DirectRequest): Promise<DirectReply> => {
    if (bytes.length > (route.bodyMaxBytes ?? bodyMaxBytes))
      throw new AppError('tooLarge', 'the request body is too large')
    const { status } = await handler(read({ headers, params: {}, query: {}, bytes, url }))
    return { status, text: '' }
  }
}
