import type { EventDefinition } from '@bookinfo/contract'
import { currentContext } from '@bookinfo/logging'
import type { Static, TSchema } from 'typebox'
import type { OutgoingEvent } from './publisher.ts'

/**
 * A domain event as a record for its topic: CloudEvents attributes as `ce_*` headers (Kafka protocol binding, binary mode), times in
 * whole seconds, and the trace of the request that caused it.
 */
export const outgoingEvent = <Data extends TSchema>(
  definition: EventDefinition<Data>,
  { id, source, time, data }: { id: string; source: string; time: Date; data: Static<Data> },
): OutgoingEvent => {
  const key = definition.key(data)
  return {
    id,
    topic: definition.topic,
    key,
    headers: {
      ce_specversion: '1.0',
      ce_type: definition.type,
      ce_source: source,
      ce_id: id,
      ce_time: `${time.toISOString().slice(0, 19)}Z`,
      ce_subject: key,
      'content-type': 'application/json',
      ...traceHeader(),
    },
    payload: Buffer.from(JSON.stringify(data)),
  }
}

const traceHeader = (): Record<string, string> => {
  const context = currentContext()
  return context === undefined
    ? {}
    : {
        traceparent: `00-${context.traceId}-${context.spanId}-${context.traceFlags}`,
        'x-request-id': context.requestId,
      }
}
