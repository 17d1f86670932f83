/** One measured thing; `values` holds one figure a run, by name. */
export type Row = { id: string; what: string; unit: string; figures: Record<string, number>; aim: string }

/** A point of a plot. */
export type Point = { plot: string; series: string; x: number; y: number }

/** Collects what the chapters measure in one run. */
export type Recorder = {
  row(row: Row): void
  point(point: Point): void
}

/** One run of the whole, as it is kept in a file. */
export type Run = { rows: Row[]; points: Point[] }

/** All runs of one command, with what they ran on. */
export type Report = {
  at: string
  machine: { processors: string; cores: number; megabytes: number; node: string; system: string }
  arguments: string[]
  runs: Run[]
}

/** The middle, lowest and highest of one figure over the runs. */
export type Spread = { median: number; min: number; max: number }

/** Spreads of all figures, keyed by row and figure. */
export const spreads = ({ runs }: Report): Map<string, Spread> => {
  const values = new Map<string, number[]>()
  for (const { rows } of runs) {
    for (const { id, figures } of rows) {
      for (const [name, value] of Object.entries(figures)) {
        const key = `${id} ${name}`
        values.set(key, [...(values.get(key) ?? []), value])
      }
    }
  }
  return new Map([...values].map(([key, list]) => [key, spread(list)]))
}

const spread = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] as number
  return { median: at(Math.floor((sorted.length - 1) / 2)), min: at(0), max: at(sorted.length - 1) }
}

const show = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)

/** One line of the table: what was measured, its figures and the aim. */
export const describeRow = ({ what, unit, figures, aim }: Row): string => {
  const shown = Object.entries(figures).map(([name, value]) => `${name === 'value' ? '' : `${name} `}${show(value)}`)
  return `${what.padEnd(56)} ${`${shown.join('  ')} ${unit}`.padEnd(44)} ${aim}`.trimEnd()
}

/** Lines that compare a report with an earlier one: new/old, with what the spread of the runs allows. */
export const compare = (current: Report, saved: Report): string[] => {
  const old = spreads(saved)
  return [...spreads(current)].flatMap(([key, now]) => {
    const before = old.get(key)
    if (before === undefined || before.median === 0) return []
    const ratio = now.median / before.median
    const overlaps = now.min <= before.max && before.min <= now.max
    const range = `${show(before.min)}…${show(before.max)} → ${show(now.min)}…${show(now.max)}`
    return [`${key.padEnd(44)} ×${ratio.toFixed(2)}  ${range}${overlaps ? '  (spreads overlap)' : ''}`]
  })
}
