import { type Pool, query, transaction } from '@bookinfo/database'
import { settleSql } from './complete.ts'
import type { ParkedEvent, State } from './types.ts'

type ParkedStore = Pick<State, 'parked' | 'parkedCount' | 'findParked' | 'settleParked'>

type Row = {
  id: string
  consumer: string
  input_id: number
  partition: number
  position: string
  event_id: string
  events: string
  attempts: string
  reason: string | null
  retry_at: Date | null
  retries: number
  parked_at: Date
}

/** Deliveries that neither ended nor can go on by themselves. */
export const parkedStore = (pool: Pool): ParkedStore => ({
  parked: async ({ consumer, dueBefore, limit, beforeId }) => {
    const values = [consumer ?? null, dueBefore ?? null, limit, beforeId ?? null]
    const { rows } = await query<Row>(pool, 'sluice.parked', listSql, values)
    return rows.map(toParked)
  },
  parkedCount: async (consumer) => {
    const sql = 'SELECT count(*) AS n FROM sluice_parked WHERE consumer = $1'
    return Number((await query<{ n: string }>(pool, 'sluice.parked.count', sql, [consumer])).rows[0]?.n)
  },
  findParked: async (id) => {
    const { rows } = await query<Row>(pool, 'sluice.parked.find', 'SELECT * FROM sluice_parked WHERE id = $1', [id])
    return rows[0] && toParked(rows[0])
  },
  settleParked: (id, { outcome, attempts, reason, retryAt }) =>
    transaction(pool, async (client) => {
      if (outcome === 'parked') {
        const again =
          'UPDATE sluice_parked SET retries = retries + 1, attempts = $2, reason = $3, retry_at = $4 WHERE id = $1'
        await query(client, 'sluice.parked.again', again, [id, JSON.stringify(attempts), reason, retryAt])
        return
      }
      const removed = await query<Row>(
        client,
        'sluice.parked.end',
        'DELETE FROM sluice_parked WHERE id = $1 RETURNING *',
        [id],
      )
      const row = removed.rows[0]
      if (row === undefined) return
      const { input_id, partition, position } = row
      const settle = [input_id, partition, position, 'parked', outcome, JSON.stringify(attempts), reason]
      await query(client, 'sluice.settle', settleSql, settle)
    }),
})

const listSql = `
  SELECT * FROM sluice_parked
  WHERE ($1::text IS NULL OR consumer = $1) AND ($2::timestamptz IS NULL OR retry_at <= $2) AND ($4::bigint IS NULL OR id < $4)
  ORDER BY id DESC LIMIT $3`

const toParked = (row: Row): ParkedEvent => ({
  id: Number(row.id),
  consumer: row.consumer,
  inputId: row.input_id,
  partition: row.partition,
  position: Number(row.position),
  eventId: row.event_id,
  events: JSON.parse(row.events),
  attempts: JSON.parse(row.attempts),
  reason: row.reason,
  retryAt: row.retry_at,
  retries: row.retries,
  parkedAt: row.parked_at,
})
