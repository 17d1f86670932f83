import { type Pool, query, transaction } from '@bookinfo/database'
import type { ConsumerSpec, RegisteredInput } from './types.ts'

/** Makes a trigger and its inputs known; an input that is new starts its count at what lies behind its cursor. */
export const registerConsumer = (pool: Pool, consumer: ConsumerSpec): Promise<RegisteredInput[]> =>
  transaction(pool, async (client) => {
    const { name, sensor, trigger, inputs } = consumer
    await query(client, 'sluice.consumer', consumerSql, [name, sensor, trigger])
    const registered: RegisteredInput[] = []
    for (const { log, subject } of inputs) {
      const added = await query<{ id: number }>(client, 'sluice.input', inputSql, [name, log, subject])
      const id = added.rows[0]?.id
      if (id === undefined) {
        const known = await query<{ id: number }>(client, 'sluice.known', knownSql, [name, log, subject])
        registered.push({ id: known.rows[0]?.id as number, log, subject })
      } else {
        await query(client, 'sluice.base', baseSql, [id, name, log, subject])
        registered.push({ id, log, subject })
      }
    }
    return registered
  })

const consumerSql = `
  INSERT INTO sluice_consumers (name, sensor, trigger) VALUES ($1, $2, $3)
  ON CONFLICT (name) DO UPDATE SET is_removed = FALSE`

const inputSql = `
  INSERT INTO sluice_inputs (consumer, log, subject) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id`

const knownSql = 'SELECT id FROM sluice_inputs WHERE consumer = $1 AND log = $2 AND subject = $3'

// What the log ever received, less what lies after the cursor: all from one snapshot, so nothing falls between.
const baseSql = `
  INSERT INTO sluice_input_bases (input_id, origin, count)
  SELECT $1, c.origin, c.count - (
    SELECT count(*) FROM eventlog_entries e JOIN eventlog_cursors r ON r.log = e.log AND r.name = $2
    WHERE e.log = $3 AND e.subject = $4 AND e.origin = c.origin AND e.position > r.committed
  ) - (
    SELECT count(*) FROM journal_entries e
    JOIN journal_cursors r ON r.log = e.log AND r.name = $2 AND r.partition = e.partition
    WHERE e.log = $3 AND e.subject = $4 AND e.origin = c.origin AND e.position > r.committed
  ) FROM eventlog_counts c WHERE c.log = $3 AND c.subject = $4`
