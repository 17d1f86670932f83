import { defineRoute, defineService, Id, OptionalText, Text } from '@bookinfo/contract'
import Type, { type Static, type TSchema } from 'typebox'

export const statuses = ['pending', 'replaying', 'replayed', 'resolved', 'poisoned'] as const
export type Status = (typeof statuses)[number]

const StatusField = Type.Unsafe<Status>({ type: 'string', title: 'status', enum: [...statuses] })

/** Largest body of a dead letter: an event of 1 MiB as a JSON string, with its headers. */
export const letterMaxBytes = 8 * 1_048_576
/** Most letters on one page of the list. */
export const pageMax = 200
/** Most letters that one batch may touch. */
export const batchMax = 10_000

const text = (title: string) => Type.Optional(OptionalText(title, 2_000))

export const FailedEvent = Type.Object({
  event_id: text('event_id'),
  event_type: text('event_type'),
  event_source: text('event_source'),
  event_subject: text('event_subject'),
  sensor_name: text('sensor_name'),
  failed_trigger: text('failed_trigger'),
  eventsource_name: text('eventsource_name'),
  eventsource_url: text('eventsource_url'),
  namespace: text('namespace'),
  record_key: text('record_key'),
  dead_letter_id: text('dead_letter_id'),
  datacontenttype: text('datacontenttype'),
  event_timestamp: text('event_timestamp'),
  original_payload: Type.Optional(Type.Unknown()),
  original_headers: Type.Optional(Type.Unknown()),
})
export type FailedEvent = Static<typeof FailedEvent>

const Attempt = Type.Object({
  at: Type.String(),
  duration_ms: Type.Number(),
  status: Type.Union([Type.Integer(), Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()]),
})

export const Letter = Type.Object({
  id: Type.String(),
  event_id: Type.String(),
  event_type: Type.String(),
  event_source: Type.String(),
  event_subject: Type.String(),
  sensor_name: Type.String(),
  failed_trigger: Type.String(),
  eventsource_name: Type.String(),
  eventsource_url: Type.String(),
  namespace: Type.String(),
  /** The payload as JSON where it is JSON that nests no deeper than a request may, else as text. */
  original_payload: Type.Unknown() as TSchema,
  /** The payload's exact text; base64 when `payload_is_base64`. */
  original_payload_text: Type.String(),
  payload_is_base64: Type.Boolean(),
  payload_hash: Type.String(),
  original_headers: Type.Record(Type.String(), Type.Array(Type.String())),
  datacontenttype: Type.String(),
  event_timestamp: Type.Optional(Type.String()),
  failure_status: Type.Optional(Type.Integer()),
  failure_error: Type.Optional(Type.String()),
  attempts: Type.Array(Attempt),
  status: StatusField,
  retry_count: Type.Integer(),
  max_retries: Type.Integer(),
  last_replayed_at: Type.Optional(Type.String()),
  resolved_at: Type.Optional(Type.String()),
  resolved_by: Type.Optional(Type.String()),
  created_at: Type.String(),
  updated_at: Type.String(),
})
export type Letter = Static<typeof Letter>

const filter = {
  status: Type.Optional(StatusField),
  event_source: text('event_source'),
  sensor_name: text('sensor_name'),
  failed_trigger: text('failed_trigger'),
}

const ItemResult = Type.Object({
  id: Type.String(),
  ok: Type.Boolean(),
  status: Type.Optional(StatusField),
  error: Type.Optional(Type.String()),
})
const BatchResult = Type.Object({
  affected_count: Type.Integer(),
  failed_count: Type.Integer(),
  results: Type.Array(ItemResult),
})
export type BatchResult = Static<typeof BatchResult>

const byId = Type.Object({ id: Id('event ID') })
const operatorFailures = { 404: 'event not found', 409: 'the letter is in another state' }

export const dlqueue = defineService({
  name: 'dlqueue',
  summary: 'Dead letters: events whose attempts were used up, to be inspected, replayed and resolved',
  routes: {
    ingest: defineRoute({
      method: 'POST',
      path: '/v1/events',
      summary: 'Keep an event that could not be delivered',
      body: FailedEvent,
      bodyMaxBytes: letterMaxBytes,
      reply: { 201: Letter },
    }),
    list: defineRoute({
      method: 'GET',
      path: '/v1/events',
      summary: 'Letters, newest first',
      operatorOnly: true,
      query: Type.Object({
        ...filter,
        created_after: Type.Optional(Type.String({ title: 'created_after' })),
        created_before: Type.Optional(Type.String({ title: 'created_before' })),
        offset: Type.Optional(Type.Integer({ title: 'offset', minimum: 0, maximum: 1_000_000, default: 0 })),
        // Asking for more than a page may have is asking for a whole page; the answer says how many that is.
        limit: Type.Optional(Type.Integer({ title: 'limit', minimum: 1, maximum: 1_000_000, default: 20 })),
      }),
      reply: {
        200: Type.Object({
          items: Type.Array(Letter),
          total_items: Type.Integer(),
          offset: Type.Integer(),
          limit: Type.Integer(),
        }),
      },
    }),
    get: defineRoute({
      method: 'GET',
      path: '/v1/events/:id',
      summary: 'One letter',
      operatorOnly: true,
      params: byId,
      reply: { 200: Letter },
      failures: operatorFailures,
    }),
    replay: defineRoute({
      method: 'POST',
      path: '/v1/events/:id/replay',
      summary: 'Send the event again to where it came from',
      operatorOnly: true,
      params: byId,
      reply: { 200: Letter },
      failures: operatorFailures,
    }),
    resolve: defineRoute({
      method: 'POST',
      path: '/v1/events/:id/resolve',
      summary: 'Close a letter by hand',
      operatorOnly: true,
      params: byId,
      body: Type.Object({ resolved_by: Text('resolved_by', 200) }),
      reply: { 200: Letter },
      failures: operatorFailures,
    }),
    reset: defineRoute({
      method: 'POST',
      path: '/v1/events/:id/reset',
      summary: 'Give a poisoned letter its replays back',
      operatorOnly: true,
      params: byId,
      reply: { 200: Letter },
      failures: operatorFailures,
    }),
    batchReplay: defineRoute({
      method: 'POST',
      path: '/v1/events/batch/replay',
      summary: 'Send many events again; one result for each',
      operatorOnly: true,
      body: Type.Object({
        ...filter,
        limit: Type.Optional(Type.Integer({ title: 'limit', minimum: 1, maximum: batchMax })),
      }),
      reply: { 200: BatchResult },
    }),
    batchResolve: defineRoute({
      method: 'POST',
      path: '/v1/events/batch/resolve',
      summary: 'Close many letters by hand; one result for each',
      operatorOnly: true,
      body: Type.Object({
        ids: Type.Array(Id('id'), { title: 'ids', minItems: 1, maxItems: batchMax }),
        resolved_by: Text('resolved_by', 200),
      }),
      reply: { 200: BatchResult },
    }),
  },
  events: [],
})
