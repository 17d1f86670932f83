import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozen, killed, stopped } from './faults.ts'
import { runChaos } from './run.ts'

const shortMs = 3_000

/** A run that names its seed when it fails: `npm run chaos -- --seed N` plays it again. */
const check = async (title: string, options: Omit<Parameters<typeof runChaos>[0], 'seed'>) => {
  const seed = Math.floor(Math.random() * 1_000_000)
  await test(title, { timeout: 170_000 }, async (t) => {
    const { problems, sent, accepted } = await runChaos({ seed, ...options, report: (line) => t.diagnostic(line) })
    t.diagnostic(`seed ${seed}: ${accepted} of ${sent} accepted`)
    assert.deepEqual(problems, [], `seed ${seed}`)
    assert.ok(accepted > 100, `only ${accepted} of ${sent} were accepted, seed ${seed}`)
  })
}

await check('nothing is lost and nothing is stored twice when processes are killed', {
  processes: true,
  faults: ['sluice', 'ratings', 'notification', 'details', 'dlqueue', 'postgres'].map(killed),
})

await check('nothing is lost and nothing is stored twice when processes stand still or are stopped', {
  processes: true,
  faults: [
    ...['sluice', 'ratings', 'postgres'].map((part) => frozen(part, { durationMs: shortMs })),
    stopped('ratings', { durationMs: shortMs }),
    stopped('notification', { durationMs: shortMs }),
  ],
})
