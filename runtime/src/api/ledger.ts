import type { LedgerFigures, LedgerRow } from '../state/types.ts'

export type Ledger = LedgerFigures & { balanced: boolean }
export type LedgerReport = Ledger & { by_class: Record<string, Ledger>; by_consumer: Record<string, Ledger> }

const nothing: LedgerFigures = {
  deliveries: 0,
  applied: 0,
  filtered: 0,
  superseded: 0,
  dead: 0,
  parked: 0,
  in_flight: 0,
}

/** Sums the rows, in all and by class and consumer. `balanced` compares what was counted on both sides, at each place. */
export const reportLedger = (rows: readonly LedgerRow[]): LedgerReport => ({
  ...sum(rows),
  by_class: sumBy(rows, ({ origin }) => origin),
  by_consumer: sumBy(rows, ({ consumer }) => consumer),
})

const sumBy = (rows: readonly LedgerRow[], key: (row: LedgerRow) => string): Record<string, Ledger> =>
  Object.fromEntries([...Map.groupBy(rows, key)].map(([name, group]) => [name, sum(group)]))

const sum = (rows: readonly LedgerRow[]): Ledger => {
  const figures = { ...nothing }
  for (const row of rows) for (const name of Object.keys(nothing) as (keyof LedgerFigures)[]) figures[name] += row[name]
  return { ...figures, balanced: rows.every(isBalanced) }
}

const isBalanced = ({
  deliveries,
  applied,
  filtered,
  superseded,
  dead,
  parked,
  in_flight: inFlight,
}: LedgerFigures): boolean => deliveries === applied + filtered + superseded + dead + parked + inFlight
