import type { Check, Meter, Step } from './meter.ts'

/** Something that must hold in the end, and whether it does. */
export type Verdict = { holds: boolean; text: string }

const columns = [34, 9, 8, 11, 11, 11]

/** What a scenario did and whether it went well, as lines; the last ones are its thresholds. */
export const report = (meter: Meter, verdicts: readonly Verdict[]): string => {
  const steps = meter.steps()
  return [
    line(['request', 'sent', 'failed', 'p50', 'p95', 'p99']),
    ...steps.map(stepLine),
    stepLine(total(steps)),
    '',
    ...meter.checks().map(checkLine),
    '',
    ...verdicts.map(({ holds, text }) => `${mark(holds)} ${text}`),
  ].join('\n')
}

/** All steps as one. */
export const total = (steps: readonly Step[]): Step => ({
  name: 'all',
  durationsMs: steps.flatMap(({ durationsMs }) => durationsMs),
  failed: steps.reduce((sum, { failed }) => sum + failed, 0),
})

/** The value that this share of the durations does not exceed. */
export const quantile = (durationsMs: readonly number[], share: number): number => {
  const sorted = durationsMs.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** Whether every check held every time, and of how many. */
export const checksVerdict = (checks: readonly Check[]): Verdict => {
  const failed = checks.reduce((sum, check) => sum + check.failed, 0)
  const passed = checks.reduce((sum, check) => sum + check.passed, 0)
  return { holds: failed === 0 && passed > 0, text: `${passed} of ${passed + failed} checks hold` }
}

const stepLine = ({ name, durationsMs, failed }: Step): string =>
  line([
    name,
    String(durationsMs.length),
    String(failed),
    ...[0.5, 0.95, 0.99].map((share) => `${quantile(durationsMs, share).toFixed(1)} ms`),
  ])

const checkLine = ({ name, passed, failed }: Check): string =>
  `${mark(failed === 0)} ${name}: ${passed} of ${passed + failed}`

const mark = (holds: boolean): string => (holds ? '✔' : '✖')

const line = (cells: readonly string[]): string =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(columns[0] ?? 0) : cell.padStart(columns[index] ?? 0))).join('')
