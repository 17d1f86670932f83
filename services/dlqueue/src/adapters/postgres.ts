import { isUtf8 } from 'node:buffer'
import { type Pool, query } from '@bookinfo/database'
import { type Letter, payloadHash, type Status } from '../domain.ts'
import type { LetterFilter, LetterStore } from '../ports.ts'

type Row = Record<string, unknown> & {
  payload_is_base64: boolean
  original_payload: string
  original_headers: string
  failure_attempts: string
}

/** Letters in PostgreSQL; every change is a compare-and-swap on the version. */
export const createPostgresLetters = ({ pool }: { pool: Pool }): LetterStore => ({
  addOnce: async (letter) => {
    const values = columns.map(([, read]) => read(letter))
    const added = await query(pool, 'letters.add', addSql, values)
    if (added.rowCount === 1) return { letter, isNew: true }
    const known = await query<Row>(pool, 'letters.same', sameSql, [
      letter.sensorName,
      letter.failedTrigger,
      letter.eventId,
    ])
    return { letter: toLetter(known.rows[0] as Row), isNew: false }
  },
  find: async (id) => {
    const { rows } = await query<Row>(pool, 'letters.find', 'SELECT * FROM dlq_events WHERE id = $1', [id])
    return rows[0] && toLetter(rows[0])
  },
  replace: async (letter) => {
    const {
      status,
      retryCount,
      replayEventId,
      lastReplayedAt,
      resolvedAt,
      resolvedBy,
      version,
      updatedAt,
      failure,
      id,
    } = letter
    const failed = [failure.status, failure.error, JSON.stringify(failure.attempts)]
    const values = [
      id,
      version,
      status,
      retryCount,
      replayEventId,
      lastReplayedAt,
      resolvedAt,
      resolvedBy,
      updatedAt,
      ...failed,
    ]
    return (await query(pool, 'letters.replace', replaceSql, values)).rowCount === 1
  },
  list: async (filter, { offset, limit }) => {
    const values = filterValues(filter)
    const [rows, total] = await Promise.all([
      query<Row>(pool, 'letters.list', `SELECT * ${fromSql} ORDER BY created_at DESC, id LIMIT $7 OFFSET $8`, [
        ...values,
        limit,
        offset,
      ]),
      query<{ n: string }>(pool, 'letters.count', `SELECT count(*) AS n ${fromSql}`, values),
    ])
    return { letters: rows.rows.map(toLetter), total: Number(total.rows[0]?.n) }
  },
  depth: async () => {
    const sql = 'SELECT status, event_source, count(*) AS n FROM dlq_events GROUP BY 1, 2'
    const { rows } = await query<{ status: Status; event_source: string; n: string }>(pool, 'letters.depth', sql)
    return rows.map(({ status, event_source: eventSource, n }) => ({ status, eventSource, count: Number(n) }))
  },
})

const isText = (payload: Buffer): boolean => isUtf8(payload) && !payload.includes(0)

const columns: readonly (readonly [string, (letter: Letter) => unknown])[] = [
  ['id', ({ id }) => id],
  ['event_id', ({ eventId }) => eventId],
  ['event_type', ({ eventType }) => eventType],
  ['event_source', ({ eventSource }) => eventSource],
  ['event_subject', ({ eventSubject }) => eventSubject],
  ['sensor_name', ({ sensorName }) => sensorName],
  ['failed_trigger', ({ failedTrigger }) => failedTrigger],
  ['eventsource_name', ({ eventSourceName }) => eventSourceName],
  ['eventsource_url', ({ eventSourceUrl }) => eventSourceUrl],
  ['namespace', ({ namespace }) => namespace],
  ['record_key', ({ recordKey }) => recordKey],
  ['original_payload', ({ payload }) => payload.toString(isText(payload) ? 'utf8' : 'base64')],
  ['payload_is_base64', ({ payload }) => !isText(payload)],
  ['payload_hash', payloadHash],
  ['original_headers', ({ headers }) => JSON.stringify(headers)],
  ['datacontenttype', ({ dataContentType }) => dataContentType],
  ['event_timestamp', ({ eventTimestamp }) => eventTimestamp],
  ['failure_status', ({ failure }) => failure.status],
  ['failure_error', ({ failure }) => failure.error],
  ['failure_attempts', ({ failure }) => JSON.stringify(failure.attempts)],
  ['status', ({ status }) => status],
  ['retry_count', ({ retryCount }) => retryCount],
  ['max_retries', ({ maxRetries }) => maxRetries],
  ['version', ({ version }) => version],
  ['created_at', ({ createdAt }) => createdAt],
  ['updated_at', ({ updatedAt }) => updatedAt],
]

const addSql = `
  INSERT INTO dlq_events (${columns.map(([name]) => name).join(', ')})
  VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (sensor_name, failed_trigger, event_id) DO NOTHING`

const sameSql = 'SELECT * FROM dlq_events WHERE sensor_name = $1 AND failed_trigger = $2 AND event_id = $3'

const replaceSql = `
  UPDATE dlq_events SET version = $2, status = $3, retry_count = $4, replay_event_id = $5, last_replayed_at = $6, resolved_at = $7,
    resolved_by = $8, updated_at = $9, failure_status = $10, failure_error = $11, failure_attempts = $12
  WHERE id = $1 AND version = $2 - 1`

const fromSql = `FROM dlq_events
  WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR event_source = $2) AND ($3::text IS NULL OR sensor_name = $3)
    AND ($4::text IS NULL OR failed_trigger = $4)
    AND ($5::timestamptz IS NULL OR created_at >= $5) AND ($6::timestamptz IS NULL OR created_at <= $6)`

const filterValues = ({
  status,
  eventSource,
  sensorName,
  failedTrigger,
  createdAfter,
  createdBefore,
}: LetterFilter): unknown[] =>
  [status, eventSource, sensorName, failedTrigger, createdAfter, createdBefore].map((value) => value ?? null)

const toLetter = (row: Row): Letter => ({
  id: row.id as string,
  eventId: row.event_id as string,
  eventType: row.event_type as string,
  eventSource: row.event_source as string,
  eventSubject: row.event_subject as string,
  sensorName: row.sensor_name as string,
  failedTrigger: row.failed_trigger as string,
  eventSourceName: row.eventsource_name as string,
  eventSourceUrl: row.eventsource_url as string,
  namespace: row.namespace as string,
  recordKey: row.record_key as string,
  payload: Buffer.from(row.original_payload, row.payload_is_base64 ? 'base64' : 'utf8'),
  headers: JSON.parse(row.original_headers),
  dataContentType: row.datacontenttype as string,
  eventTimestamp: row.event_timestamp as Date | null,
  failure: {
    status: row.failure_status as number | null,
    error: row.failure_error as string | null,
    attempts: JSON.parse(row.failure_attempts),
  },
  status: row.status as Status,
  retryCount: row.retry_count as number,
  maxRetries: row.max_retries as number,
  replayEventId: row.replay_event_id as string | null,
  lastReplayedAt: row.last_replayed_at as Date | null,
  resolvedAt: row.resolved_at as Date | null,
  resolvedBy: row.resolved_by as string | null,
  version: row.version as number,
  createdAt: row.created_at as Date,
  updatedAt: row.updated_at as Date,
})
