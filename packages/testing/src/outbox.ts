import type { Pool } from '@bookinfo/database'
import type { OutgoingEvent } from '@bookinfo/eventlog'

/** What a service's outbox holds, oldest first; nothing when a relay has published it already. */
export const outboxEvents = async (pool: Pool): Promise<OutgoingEvent[]> => {
  const { rows } = await pool.query('SELECT id, topic, key, headers, payload FROM outbox ORDER BY seq')
  return rows.map((row) => ({ ...row, headers: JSON.parse(row.headers), payload: Buffer.from(row.payload) }))
}

/** How many events of a service have reached the log of this topic; none before the first. */
export const publishedCount = async (pool: Pool, topic: string): Promise<number> => {
  const { rows } = await pool.query('SELECT count(*)::int AS count FROM eventlog_entries WHERE log = $1', [topic])
  return rows[0].count
}
