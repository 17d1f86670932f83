import { isUtf8 } from 'node:buffer'
import type { Entry, Origin } from '../port.ts'

/** A row of `eventlog_entries` as it is read. */
export type EntryRow = {
  position: string
  id: string
  subject: string
  key: string
  headers: string
  payload: string
  is_base64: boolean
  origin: Origin
  appended_at: Date
}

/** The columns that `toEntry` needs. */
export const entryColumns = 'position, id, subject, key, headers, payload, is_base64, origin, appended_at'

/** Payloads are kept as text, so that their bytes survive; what is not storable text is kept as base64. */
export const encodePayload = (payload: Buffer): { text: string; isBase64: boolean } =>
  isUtf8(payload) && !payload.includes(0)
    ? { text: payload.toString('utf8'), isBase64: false }
    : { text: payload.toString('base64'), isBase64: true }

/** Reads a row back into the entry that was appended. */
export const toEntry = (row: EntryRow): Entry => ({
  partition: 0,
  position: Number(row.position),
  id: row.id,
  subject: row.subject,
  key: row.key,
  headers: JSON.parse(row.headers) as Record<string, string>,
  payload: Buffer.from(row.payload, row.is_base64 ? 'base64' : 'utf8'),
  origin: row.origin,
  time: row.appended_at,
})
