import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import { testKafka, waitFor } from '@bookinfo/testing'
import { startTestSystem, type TestSystem } from './start.ts'

const limitMs = 60_000
const ratings = 60

let system: TestSystem
before(async () => {
  const { address } = await testKafka()
  system = await startTestSystem({ processes: true, bus: { kind: 'kafka', address } })
})
after(() => system.remove())

test('a runtime killed with -9 goes on after the session time-out: nothing is lost, nothing is done twice', async () => {
  const rate = async (n: number): Promise<boolean> => {
    const body = { product_id: 'killed', reviewer: `r${n}`, stars: 4 }
    const reply = await system.post('/v1/ratings', body, { 'idempotency-key': `killed-${n}` })
    return reply.status === 200
  }
  const accept = (n: number) => waitFor('a success', () => rate(n).catch(() => false), { limitMs })
  for (let n = 0; n < ratings / 2; n += 1) await accept(n)
  const pid = system.pids().sluice as number
  process.kill(pid, 'SIGKILL')
  for (let n = ratings / 2; n < ratings; n += 1) await accept(n)
  assert.notEqual(system.pids().sluice, pid)
  const ledger = await waitFor(
    'everything to arrive',
    async () => {
      const { count } = await system.get<ProductRatings>('/v1/ratings/killed')
      const found = await system.ledger()
      return count >= ratings && found.in_flight === 0 && found
    },
    { limitMs },
  )
  assert.equal(ledger.balanced, true)
  assert.equal((await system.get<ProductRatings>('/v1/ratings/killed')).count, ratings)
})
