export { childOf, formatTraceparent, parseTraceparent, type TraceContext } from './trace-context.ts'
export { contextOnlyTracer, createTracer, type Span, type SpanKind, type SpanStart, type Tracer } from './tracer.ts'
