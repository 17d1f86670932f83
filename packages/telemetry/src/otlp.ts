import { context, SpanKind as OtelKind, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { TraceContext } from './trace-context.ts'
import type { SpanKind, Tracer } from './tracer.ts'

const kinds: Record<SpanKind, OtelKind> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
  internal: OtelKind.INTERNAL,
}

/** A tracer that sends its spans to an OTLP endpoint over gRPC, in batches. */
export const createOtlpTracer = ({ service, endpoint }: { service: string; endpoint: string }): Tracer => {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: endpoint }) })],
  })
  const tracer = provider.getTracer(service)
  return {
    startSpan: ({ name, kind, parent, attributes }) => {
      const span = tracer.startSpan(name, { kind: kinds[kind], ...(attributes && { attributes }) }, parentOf(parent))
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        context: { traceId, spanId, traceFlags: traceFlags.toString(16).padStart(2, '0') },
        end: ({ attributes: results, error } = {}) => {
          if (results) span.setAttributes(results)
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
          span.end()
        },
      }
    },
    close: () => provider.shutdown(),
  }
}

const parentOf = (parent: TraceContext | undefined) =>
  parent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(context.active(), {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceFlags: Number.parseInt(parent.traceFlags, 16),
        isRemote: true,
      })
