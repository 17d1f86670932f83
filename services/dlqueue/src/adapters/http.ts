import { parseJson } from '@bookinfo/contract'
import { AppError } from '@bookinfo/errors'
import type { Handlers } from '@bookinfo/server'
import { forEachLetter, selectIds } from '../app/batch.ts'
import type { getLetter, replayLetter, resetLetter, resolveLetter } from '../app/change-letter.ts'
import type { ingestLetter } from '../app/ingest-letter.ts'
import { type BatchResult, type dlqueue, type Letter as LetterReply, pageMax, type Status } from '../contract.ts'
import { type Letter, payloadHash } from '../domain.ts'
import type { LetterFilter, LetterStore } from '../ports.ts'
import { readFailedEvent } from './failed-event.ts'

type Needs = {
  letters: LetterStore
  ingest: ReturnType<typeof ingestLetter>
  get: ReturnType<typeof getLetter>
  replay: ReturnType<typeof replayLetter>
  resolve: ReturnType<typeof resolveLetter>
  reset: ReturnType<typeof resetLetter>
  maxRetries: number
  now: () => Date
  newId: () => string
}

const batchDefault = 20

/** Translates between the contract's shapes and the use cases. */
export const createHandlers = (app: Needs): Handlers<typeof dlqueue.routes> => ({
  ingest: async ({ body, headers }) => {
    const failureHeader = [headers['sluice-failure']].flat()[0]
    const letter = readFailedEvent(body, { failureHeader, id: app.newId(), maxRetries: app.maxRetries, now: app.now() })
    return { status: 201, body: toReply(await app.ingest(letter, { deadLetterId: body.dead_letter_id || undefined })) }
  },
  list: async ({ query }) => {
    const { offset = 0, limit: wanted = 20, ...asked } = query
    const limit = Math.min(wanted, pageMax)
    const { letters, total } = await app.letters.list(toFilter(asked), { offset, limit })
    return { status: 200, body: { items: letters.map(toReply), total_items: total, offset, limit } }
  },
  get: async ({ params }) => ({ status: 200, body: toReply(await app.get(params.id)) }),
  replay: async ({ params }) => ({ status: 200, body: toReply(await app.replay(params.id)) }),
  resolve: async ({ params, body }) => ({
    status: 200,
    body: toReply(await app.resolve(params.id, { by: body.resolved_by })),
  }),
  reset: async ({ params }) => ({ status: 200, body: toReply(await app.reset(params.id)) }),
  batchReplay: async ({ body }) => {
    const filter = toFilter({ ...body, status: body.status ?? 'pending' })
    const ids = await selectIds(app.letters, filter, body.limit ?? batchDefault)
    return { status: 200, body: toBatch(await forEachLetter(ids, app.replay)) }
  },
  batchResolve: async ({ body }) => {
    const work = (id: string) => app.resolve(id, { by: body.resolved_by })
    return { status: 200, body: toBatch(await forEachLetter(body.ids, work)) }
  },
})

type Asked = {
  status?: Status
  event_source?: string
  sensor_name?: string
  failed_trigger?: string
  created_after?: string
  created_before?: string
}

const toFilter = (asked: Asked): LetterFilter => ({
  status: asked.status,
  eventSource: asked.event_source,
  sensorName: asked.sensor_name,
  failedTrigger: asked.failed_trigger,
  createdAfter: readTime('created_after', asked.created_after),
  createdBefore: readTime('created_before', asked.created_before),
})

const readTime = (name: string, text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const time = new Date(text)
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(time.getTime())) return time
  throw new AppError(
    'invalid',
    `${name} must be an RFC 3339 time such as 2026-01-15T10:00:00Z, got ${JSON.stringify(text.slice(0, 60))}`,
  )
}

const toBatch = (results: BatchResult['results']): BatchResult => {
  const affected = results.filter(({ ok }) => ok).length
  return { affected_count: affected, failed_count: results.length - affected, results }
}

const toReply = (letter: Letter): LetterReply => {
  const text = letter.payload.toString('utf8')
  const isText = Buffer.from(text).equals(letter.payload)
  const { failure } = letter
  return {
    id: letter.id,
    event_id: letter.eventId,
    event_type: letter.eventType,
    event_source: letter.eventSource,
    event_subject: letter.eventSubject,
    sensor_name: letter.sensorName,
    failed_trigger: letter.failedTrigger,
    eventsource_name: letter.eventSourceName,
    eventsource_url: letter.eventSourceUrl,
    namespace: letter.namespace,
    original_payload: asJson(text),
    original_payload_text: isText ? text : letter.payload.toString('base64'),
    payload_is_base64: !isText,
    payload_hash: payloadHash(letter),
    original_headers: letter.headers,
    datacontenttype: letter.dataContentType,
    ...(letter.eventTimestamp && { event_timestamp: letter.eventTimestamp.toISOString() }),
    ...(failure.status !== null && { failure_status: failure.status }),
    ...(failure.error !== null && { failure_error: failure.error }),
    attempts: [...failure.attempts],
    status: letter.status,
    retry_count: letter.retryCount,
    max_retries: letter.maxRetries,
    ...(letter.lastReplayedAt && { last_replayed_at: letter.lastReplayedAt.toISOString() }),
    ...(letter.resolvedAt && { resolved_at: letter.resolvedAt.toISOString() }),
    ...(letter.resolvedBy !== null && { resolved_by: letter.resolvedBy }),
    created_at: letter.createdAt.toISOString(),
    updated_at: letter.updatedAt.toISOString(),
  }
}

const asJson = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    return text
  }
}
