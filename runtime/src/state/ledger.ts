import { type Pool, query } from '@bookinfo/database'
import type { Origin } from '@bookinfo/eventlog'
import type { LedgerRow } from './types.ts'

/**
 * The figures of every trigger, from one snapshot. Each is counted on its own: deliveries by the log as it received them, ended ones
 * as they ended, parked and held ones from their rows, those on their way from the log's entries that have not ended. Entries on a broker are counted as the journal noted them.
 */
export const readLedger = async (pool: Pool): Promise<LedgerRow[]> => {
  const { rows } = await query<Row>(pool, 'sluice.ledger', ledgerSql)
  const byConsumer = new Map<string, LedgerRow>()
  for (const { consumer, origin, figure, count } of rows) {
    const key = `${consumer} ${origin}`
    const row = byConsumer.get(key) ?? { ...nothing, consumer, origin }
    row[figure] += Number(count)
    byConsumer.set(key, row)
  }
  return [...byConsumer.values()]
}

type Figure = keyof typeof nothing
type Row = { consumer: string; origin: Origin; figure: Figure; count: string }

const nothing = { deliveries: 0, applied: 0, filtered: 0, superseded: 0, dead: 0, parked: 0, in_flight: 0 }

// Outcomes are looked up entry by entry: a join would read all that ever ended.
const ledgerSql = `
  SELECT i.consumer, c.origin, 'deliveries' AS figure, sum(c.count - coalesce(b.count, 0)) AS count
  FROM sluice_inputs i JOIN eventlog_counts c ON c.log = i.log AND c.subject = i.subject
  LEFT JOIN sluice_input_bases b ON b.input_id = i.id AND b.origin = c.origin
  JOIN sluice_consumers s ON s.name = i.consumer AND NOT s.is_removed
  GROUP BY 1, 2
  UNION ALL
  SELECT l.consumer, l.origin, l.outcome, l.count FROM sluice_ledger l
  JOIN sluice_consumers s ON s.name = l.consumer AND NOT s.is_removed
  UNION ALL
  SELECT p.consumer, p.origin, 'parked', count(*) FROM sluice_parked p
  JOIN sluice_consumers s ON s.name = p.consumer AND NOT s.is_removed GROUP BY 1, 2
  UNION ALL
  SELECT h.consumer, h.origin, 'in_flight', count(*) FROM sluice_held h GROUP BY 1, 2
  UNION ALL
  SELECT i.consumer, e.origin, 'in_flight', count(*)
  FROM sluice_inputs i
  JOIN sluice_consumers s ON s.name = i.consumer AND NOT s.is_removed
  JOIN eventlog_cursors r ON r.log = i.log AND r.name = i.consumer
  JOIN eventlog_entries e ON e.log = i.log AND e.subject = i.subject AND e.position > r.committed
  WHERE (SELECT 1 FROM sluice_outcomes o WHERE o.input_id = i.id AND o.partition = 0 AND o.position = e.position LIMIT 1) IS NULL
  GROUP BY 1, 2
  UNION ALL
  SELECT i.consumer, e.origin, 'in_flight', count(*)
  FROM sluice_inputs i
  JOIN sluice_consumers s ON s.name = i.consumer AND NOT s.is_removed
  JOIN journal_cursors r ON r.log = i.log AND r.name = i.consumer
  JOIN journal_entries e
    ON e.log = i.log AND e.partition = r.partition AND e.subject = i.subject AND e.position > r.committed
  WHERE NOT EXISTS (
    SELECT 1 FROM sluice_outcomes o WHERE o.input_id = i.id AND o.partition = e.partition AND o.position = e.position
  )
  GROUP BY 1, 2`
