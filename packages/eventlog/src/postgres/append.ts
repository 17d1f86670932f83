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

/** Appends one batch in one durable commit and one round trip. */
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
    entries.map(({ dedupe }) => dedupe?.key ?? null),
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

const nameMaxBytes = 1_000
const entryMaxBytes = 16 * 1_048_576

/** Rejects what the table cannot hold before it shares a commit with others: `invalid` names, `tooLarge` payloads. */
export const assertStorable = ({ id, subject, key, payload, dedupe }: NewEntry): void => {
  const names = { id, subject, 'dedupe key': dedupe?.key ?? '' }
  for (const [what, name] of Object.entries(names)) {
    if (Buffer.byteLength(name) > nameMaxBytes)
      throw new AppError('invalid', `the ${what} of an event is longer than ${nameMaxBytes} bytes`)
  }
  if (`${id}${subject}${key}${dedupe?.key}${dedupe?.fingerprint}`.includes('\0'))
    throw new AppError('invalid', 'the id, subject, key or dedupe key of an event holds a NUL character')
  if (payload.length > entryMaxBytes)
    throw new AppError('tooLarge', `an event's payload is larger than ${entryMaxBytes} bytes`)
}

const toAppended = (row: AppendRow, { dedupe, ...entry }: NewEntry): Appended =>
  row.duplicate_id === null
    ? { duplicate: false, entry: { ...entry, partition: 0, position: Number(row.at_position), time: row.at_time } }
    : { duplicate: true, id: row.duplicate_id, sameContent: row.duplicate_fingerprint === dedupe?.fingerprint }
