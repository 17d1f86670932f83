import { type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import type { Appended, NewEntry } from '../port.ts'
import { encodePayload } from './codec.ts'

/** How much a log may hold before it refuses new entries. */
export type LogLimits = { entriesMax: number; bytesMax: number }

type AppendRow = {
  at_position: string | null
  duplicate_id: string | null
  duplicate_fingerprint: string | null
  at_time: Date
}

const appendSql = 'SELECT * FROM eventlog_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)'

/** Appends one batch in one durable commit and one round trip; it must not hold a dedupe key twice. */
export const appendBatch = async (
  pool: Pool,
  { log, entries, limits }: { log: string; entries: readonly NewEntry[]; limits: LogLimits },
): Promise<Appended[]> => {
  const payloads = entries.map(({ payload }) => encodePayload(payload))
  const values = [
    log,
    limits.entriesMax,
    limits.bytesMax,
    entries.map(({ id }) => id),
    entries.map(({ subject }) => subject),
    entries.map(({ key }) => key),
    entries.map(({ headers }) => JSON.stringify(headers)),
    payloads.map(({ text }) => text),
    payloads.map(({ isBase64 }) => isBase64),
    entries.map(({ origin }) => origin),
    entries.map(({ dedupe, subject }) => (dedupe === undefined ? null : storable(dedupe.key, subject))),
    entries.map(({ dedupe }) => dedupe?.fingerprint ?? null),
  ]
  try {
    const { rows } = await query<AppendRow>(pool, 'eventlog.append', appendSql, values)
    return rows.map((row, index) => toAppended(row, entries[index] as NewEntry))
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'EL001') throw cause
    throw new AppError('unavailable', `log ${log} is full`, { cause, headers: { 'retry-after': '5' } })
  }
}

const dedupeKeyMaxCharacters = 1_000

const storable = (key: string, subject: string): string => {
  if (key.length <= dedupeKeyMaxCharacters && !key.includes('\0')) return key
  throw new AppError(
    'invalid',
    `the dedupe key of an event for ${subject} is longer than ${dedupeKeyMaxCharacters} characters`,
  )
}

const toAppended = (row: AppendRow, { dedupe, ...entry }: NewEntry): Appended =>
  row.duplicate_id === null
    ? { duplicate: false, entry: { ...entry, partition: 0, position: Number(row.at_position), time: row.at_time } }
    : { duplicate: true, id: row.duplicate_id, sameContent: row.duplicate_fingerprint === dedupe?.fingerprint }
