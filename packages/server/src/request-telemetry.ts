import { parseTraceparent, type Span } from '@bookinfo/telemetry'
import type { Kit } from './kit.ts'
import { header } from './read-request.ts'

type Asked = { method: string; route: string | undefined; traceparent: string | string[] | undefined }
type Answered = { url: string; ip: string; status: number }
type Started = { span: Span; atMs: number; method: string; route: string | undefined }

/** Counts, logs and traces each request once, under its route's template and never its raw path. */
export type RequestTelemetry = {
  /** Opens the request's span. */
  start(request: object, asked: Asked): Span
  /** Closes it with the status that the client saw. */
  finish(request: object, answered: Answered): void
}

/** A service's request metrics, log lines and spans. */
export const createRequestTelemetry = ({ config, logger, metrics, tracer }: Kit): RequestTelemetry => {
  const labels = ['method', 'route', 'status']
  const duration = metrics.histogram('http_server_request_duration_seconds', 'Time to answer a request', labels)
  const total = metrics.counter('http_server_requests_total', 'Requests answered', labels)
  const active = metrics.gauge('http_server_active_requests', 'Requests being handled', ['method'])
  const started = new WeakMap<object, Started>()

  return {
    start: (request, { method, route, traceparent }) => {
      const attributes = { 'http.request.method': method, 'http.route': route ?? '' }
      const parent = parseTraceparent(header(traceparent))
      const span = tracer.startSpan({ name: `${config.name}-api`, kind: 'server', parent, attributes })
      started.set(request, { span, atMs: performance.now(), method, route })
      active.inc({ method })
      return span
    },
    finish: (request, { url, ip, status }) => {
      const start = started.get(request)
      if (start === undefined) return
      const { span, atMs, method, route = 'unmatched' } = start
      const durationMs = performance.now() - atMs
      const values = { method, route, status: String(status) }
      duration.observe(values, durationMs / 1_000)
      total.inc(values)
      active.dec({ method })
      span.end({
        attributes: { 'http.response.status_code': status },
        error: status >= 500 ? `status ${status}` : undefined,
      })
      logger.info('request completed', {
        method,
        path: url.slice(0, 500),
        status,
        duration_ms: Math.round(durationMs * 1_000) / 1_000,
        remote_addr: ip,
      })
    },
  }
}
