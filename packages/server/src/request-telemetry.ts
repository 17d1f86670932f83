import type { Span, TraceContext } from '@bookinfo/telemetry'
import type { FastifyRequest } from 'fastify'
import type { Kit } from './kit.ts'

type Started = { span: Span; atMs: number }

/** Counts, logs and traces each request once, under its route's template and never its raw path. */
export const createRequestTelemetry = ({ config, logger, metrics, tracer }: Kit) => {
  const labels = ['method', 'route', 'status']
  const duration = metrics.histogram('http_server_request_duration_seconds', 'Time to answer a request', labels)
  const total = metrics.counter('http_server_requests_total', 'Requests answered', labels)
  const active = metrics.gauge('http_server_active_requests', 'Requests being handled', ['method'])
  const started = new WeakMap<FastifyRequest, Started>()

  return {
    /** Opens the request's span. */
    start: (request: FastifyRequest, parent: TraceContext | undefined): Span => {
      const attributes = { 'http.request.method': request.method, 'http.route': request.routeOptions.url ?? '' }
      const span = tracer.startSpan({ name: `${config.name}-api`, kind: 'server', parent, attributes })
      started.set(request, { span, atMs: performance.now() })
      active.inc({ method: request.method })
      return span
    },
    /** Closes it with the status that the client saw. */
    finish: (request: FastifyRequest, status: number): void => {
      const start = started.get(request)
      if (start === undefined) return
      const durationMs = performance.now() - start.atMs
      const route = request.routeOptions.url ?? 'unmatched'
      const values = { method: request.method, route, status: String(status) }
      duration.observe(values, durationMs / 1_000)
      total.inc(values)
      active.dec({ method: request.method })
      start.span.end({
        attributes: { 'http.response.status_code': status },
        error: status >= 500 ? `status ${status}` : undefined,
      })
      logger.info('request completed', {
        method: request.method,
        path: request.url.slice(0, 500),
        status,
        duration_ms: Math.round(durationMs * 1_000) / 1_000,
        remote_addr: request.ip,
      })
    },
  }
}
