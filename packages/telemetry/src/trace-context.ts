import { randomBytes } from 'node:crypto'

/** A W3C trace context: which trace, and which span is the parent of what comes next. */
export type TraceContext = { traceId: string; spanId: string; traceFlags: string }

const pattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/

/** Reads a `traceparent` header (W3C Trace Context, section 3.2); undefined when it is absent or malformed. */
export const parseTraceparent = (header: string | undefined): TraceContext | undefined => {
  const match = header === undefined ? null : pattern.exec(header)
  if (match === null) return undefined
  const [, traceId = '', spanId = '', traceFlags = ''] = match
  if (header?.startsWith('ff') || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, traceFlags }
}

/** Writes a `traceparent` header. */
export const formatTraceparent = ({ traceId, spanId, traceFlags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${traceFlags}`

/** A new span in the parent's trace, or in a new, sampled trace. */
export const childOf = (parent: TraceContext | undefined): TraceContext => ({
  traceId: parent?.traceId ?? randomHex(16),
  spanId: randomHex(8),
  traceFlags: parent?.traceFlags ?? '01',
})

// One system call serves many ids: asking for 8 bytes at a time costs more than the rest of a span.
const pool = { bytes: Buffer.alloc(0), offset: 0 }
const poolBytes = 4_096

const randomHex = (bytes: number): string => {
  if (pool.offset + bytes > pool.bytes.length) {
    pool.bytes = randomBytes(poolBytes)
    pool.offset = 0
  }
  pool.offset += bytes
  return pool.bytes.toString('hex', pool.offset - bytes, pool.offset)
}
