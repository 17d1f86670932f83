import { createBatcher, migrate, type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { createJournalTables } from '@bookinfo/eventlog'
import { readLedger } from './ledger.ts'
import { completeBatch } from './complete.ts'
import { registerConsumer } from './register.ts'
import { parkedStore } from './parked.ts'
import type { Completion, DeliveryRecord, HeldEvent, State, StoredEvent } from './types.ts'

/**
 * The runtime's memory in PostgreSQL, in the database that holds the event log or its journal. The pool stays open when the state is
 * closed. A database belongs to one kind of bus: on another one, the same positions are other events.
 */
export const createPostgresState = async ({ pool, bus }: { pool: Pool; bus: string }): Promise<State> => {
  await createJournalTables(pool)
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url), table: 'sluice_migrations' })
  await assertBus(pool, bus)
  const batcher = createBatcher<Completion, void>({
    store: async (batch) => {
      await completeBatch(pool, batch)
      return batch.map(() => undefined)
    },
  })
  return {
    register: (consumer) => registerConsumer(pool, consumer),
    forgotten: async (names) => {
      const { rows } = await query<{ name: string; id: number; log: string; subject: string }>(
        pool,
        'sluice.forgotten',
        forgottenSql,
        [names],
      )
      return [...Map.groupBy(rows, ({ name }) => name)].map(([name, inputs]) => ({ name, inputs }))
    },
    retire: async (name) => {
      await query(pool, 'sluice.retire', 'UPDATE sluice_consumers SET is_removed = TRUE WHERE name = $1', [name])
    },
    complete: batcher.add,
    finishedAfter: async ({ inputId, partition, position }) => {
      const sql = 'SELECT position FROM sluice_outcomes WHERE input_id = $1 AND partition = $2 AND position > $3'
      const { rows } = await query<{ position: string }>(pool, 'sluice.finished', sql, [inputId, partition, position])
      return new Set(rows.map((row) => Number(row.position)))
    },
    held: async (consumer) => {
      const sql = 'SELECT dependency, input_id, partition, position, stored FROM sluice_held WHERE consumer = $1'
      const { rows } = await query<HeldRow>(pool, 'sluice.held', sql, [consumer])
      return rows.map(toHeld)
    },
    ...parkedStore(pool),
    ledger: () => readLedger(pool),
    deliveries: async (by) => {
      const column = 'eventId' in by ? 'event_id' : 'trace_id'
      const value = 'eventId' in by ? by.eventId : by.traceId
      const sql = `${deliverySql} WHERE o.${column} = $1 ORDER BY o.started_at, o.position LIMIT 500`
      const { rows } = await query<DeliveryRow>(pool, `sluice.deliveries.${column}`, sql, [value])
      return rows.map(toDelivery)
    },
    recent: async ({ limit, trigger, outcome }) => {
      const sql = `${deliverySql} WHERE ($2::text IS NULL OR c.trigger = $2) AND ($3::text IS NULL OR o.outcome = $3)
        AND o.finished_at > now() - interval '1 day' ORDER BY o.finished_at DESC LIMIT $1`
      const { rows } = await query<DeliveryRow>(pool, 'sluice.recent', sql, [limit, trigger ?? null, outcome ?? null])
      return rows.map(toDelivery)
    },
    close: batcher.idle,
  }
}

const assertBus = async (pool: Pool, bus: string): Promise<void> => {
  await query(pool, 'sluice.bus.set', 'INSERT INTO sluice_bus (kind) SELECT $1 ON CONFLICT DO NOTHING', [bus])
  const { rows } = await query<{ kind: string }>(pool, 'sluice.bus', 'SELECT kind FROM sluice_bus')
  if (rows[0]?.kind === bus) return
  throw new AppError('conflict', `this database belongs to a bus on ${rows[0]?.kind}, not ${bus}: use another database`)
}

const forgottenSql = `
  SELECT c.name, i.id, i.log, i.subject FROM sluice_consumers c JOIN sluice_inputs i ON i.consumer = c.name
  WHERE NOT c.is_removed AND NOT (c.name = ANY ($1::text[])) ORDER BY c.name, i.id`

const deliverySql = `
  SELECT c.sensor, c.trigger, o.outcome, o.reason, o.origin, o.attempts, o.started_at, o.finished_at, o.event_id, o.trace_id
  FROM sluice_outcomes o JOIN sluice_inputs i ON i.id = o.input_id JOIN sluice_consumers c ON c.name = i.consumer`

type HeldRow = { dependency: string; input_id: number; partition: number; position: string; stored: string }

const toHeld = ({ dependency, input_id: inputId, partition, position, stored }: HeldRow): HeldEvent => ({
  dependency,
  inputId,
  partition,
  position: Number(position),
  stored: JSON.parse(stored) as StoredEvent,
})

type DeliveryRow = Pick<DeliveryRecord, 'sensor' | 'trigger' | 'outcome' | 'reason' | 'origin'> & {
  attempts: string
  started_at: Date
  finished_at: Date
  event_id: string
  trace_id: string | null
}

const toDelivery = ({
  attempts,
  started_at,
  finished_at,
  event_id,
  trace_id,
  ...row
}: DeliveryRow): DeliveryRecord => ({
  ...row,
  attempts: JSON.parse(attempts),
  startedAt: started_at,
  finishedAt: finished_at,
  eventId: event_id,
  traceId: trace_id,
})
