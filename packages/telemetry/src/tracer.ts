import type { TraceContext } from './trace-context.ts'
import { childOf } from './trace-context.ts'

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal'

export type SpanStart = {
  name: string
  kind: SpanKind
  parent?: TraceContext | undefined
  attributes?: Record<string, string | number | boolean>
}

/** One timed step of a trace. */
export type Span = {
  context: TraceContext
  /** Ends the step; `error` marks it as failed. */
  end(result?: { attributes?: Record<string, string | number | boolean>; error?: string | undefined }): void
}

/** Makes spans. Without a collector they cost only their ids, so that the context still crosses every hop. */
export type Tracer = {
  startSpan(start: SpanStart): Span
  /** Sends what is buffered and ends. */
  close(): Promise<void>
}

/** A tracer that only hands on the context. */
export const contextOnlyTracer: Tracer = {
  startSpan: ({ parent }) => ({ context: childOf(parent), end: () => {} }),
  close: async () => {},
}

/** A tracer that exports to the OTLP endpoint when there is one; the exporter is loaded only then. */
export const createTracer = async (options: { service: string; otlpEndpoint: string | undefined }): Promise<Tracer> => {
  if (options.otlpEndpoint === undefined) return contextOnlyTracer
  const { createOtlpTracer } = await import('./otlp.ts')
  return createOtlpTracer({ service: options.service, endpoint: options.otlpEndpoint })
}
