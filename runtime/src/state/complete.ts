import { type Pool, type PoolClient, query, transaction } from '@bookinfo/database'
import type { Completion, Finished } from './types.ts'

/** Records a batch of completions: in one statement when they are plain outcomes, in one transaction when more goes with them. */
export const completeBatch = async (pool: Pool, batch: readonly Completion[]): Promise<void> => {
  const isPlain = batch.every(({ parking, hold, settled }) => !parking && !hold && !settled)
  if (isPlain) return recordOutcomes(pool, batch, { isDurable: false })
  await transaction(pool, async (client) => {
    for (const completion of batch) await recordExtras(client, completion)
    await recordOutcomes(client, batch, { isDurable: true })
  })
}

const completeSql = 'SELECT sluice_complete($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)'

const recordOutcomes = async (
  executor: Pool | PoolClient,
  batch: readonly Completion[],
  { isDurable }: { isDurable: boolean },
): Promise<void> => {
  const column = <T>(pick: (finished: Finished) => T) => batch.map(({ finished }) => pick(finished))
  await query(executor, 'sluice.complete', completeSql, [
    column(({ inputId }) => inputId),
    column(({ partition }) => partition),
    column(({ position }) => position),
    column(({ eventId }) => eventId),
    column(({ origin }) => origin),
    column(({ outcome }) => outcome),
    column(({ attempts }) => JSON.stringify(attempts)),
    column(({ reason }) => reason),
    column(({ traceId }) => traceId),
    column(({ startedAt }) => startedAt),
    isDurable,
  ])
}

const recordExtras = async (
  client: PoolClient,
  { finished, parking, hold, settled = [] }: Completion,
): Promise<void> => {
  const { inputId, partition, position, eventId, origin, attempts, reason } = finished
  if (parking) {
    const values = [
      inputId,
      partition,
      position,
      eventId,
      origin,
      JSON.stringify(parking.events),
      JSON.stringify(attempts),
      reason,
      parking.retryAt,
    ]
    await query(client, 'sluice.park', parkSql, values)
  }
  for (const one of settled) {
    const place = [one.inputId, one.partition, one.position]
    await query(client, 'sluice.settle', settleSql, [...place, 'held', one.outcome, null, null])
    await query(client, 'sluice.unhold', unholdSql, [one.consumer, one.dependency, ...place])
  }
  if (hold) {
    const { consumer, stored } = hold
    const values = [consumer, stored.dependency, inputId, partition, position, origin, JSON.stringify(stored)]
    await query(client, 'sluice.hold', holdSql, values)
  }
}

const parkSql = `
  INSERT INTO sluice_parked (consumer, input_id, partition, position, event_id, origin, events, attempts, reason, retry_at)
  SELECT consumer, $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM sluice_inputs WHERE id = $1
    AND NOT EXISTS (SELECT 1 FROM sluice_outcomes WHERE input_id = $1 AND partition = $2 AND position = $3)
  ON CONFLICT (input_id, partition, position) DO NOTHING`

/** Changes how a held or parked delivery ended: input, partition, position, from, outcome, attempts, reason. */
export const settleSql = 'SELECT sluice_settle($1, $2, $3, $4, $5, $6, $7)'

const unholdSql = `
  DELETE FROM sluice_held WHERE consumer = $1 AND dependency = $2 AND input_id = $3 AND partition = $4 AND position = $5`

const holdSql = `
  INSERT INTO sluice_held (consumer, dependency, input_id, partition, position, origin, stored)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (consumer, dependency) DO UPDATE SET input_id = excluded.input_id, partition = excluded.partition,
    position = excluded.position, origin = excluded.origin, stored = excluded.stored`
