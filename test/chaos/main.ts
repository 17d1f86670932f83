import { parseArgs } from 'node:util'
import { frozen, killed, stopped } from './faults.ts'
import { runChaos } from './run.ts'

const usage = `npm run chaos -- [options]
  --seed N      what to break, in which order (default: a new one)
  --faults N    how many things to break in a run (default 20)
  --runs N      how many runs, each with the next seed (default 5)`

const longMs = 10_000
const parts = ['sluice', 'ratings', 'reviews', 'details', 'notification', 'dlqueue', 'postgres']
const faults = [
  ...parts.map(killed),
  ...parts.map((part) => frozen(part, { durationMs: longMs })),
  ...['ratings', 'details', 'notification', 'dlqueue'].map((service) => stopped(service, { durationMs: longMs })),
]

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    faults: { type: 'string', default: '20' },
    runs: { type: 'string', default: '5' },
  },
})
const [first, count, runs] = [values.seed, values.faults, values.runs].map(Number) as [number, number, number]
if (![first, count, runs].every((number) => Number.isInteger(number) && number >= 0)) {
  say(usage)
  process.exit(1)
}
let failures = 0
for (let run = 0; run < runs; run += 1) {
  const seed = first + run
  say(`seed ${seed}`)
  const { problems, sent, accepted } = await runChaos({
    seed,
    faults,
    count,
    processes: true,
    report: (line) => say(`  ${line}`),
  })
  say(`  ${accepted} of ${sent} accepted; ${problems.length === 0 ? 'nothing lost, nothing twice' : 'NOT RIGHT'}`)
  for (const problem of problems) say(`  ${problem}`)
  if (problems.length > 0) failures += 1
}
say(`${runs - failures} passed, ${failures} failed`)
process.exit(failures === 0 ? 0 : 1)
