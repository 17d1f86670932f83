import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArrivals } from './arrivals.ts'

const perPart = (rate: number): number[] => {
  const counts = [0, 0, 0, 0, 0, 0]
  for (const atMs of planArrivals({ rate, durationMs: 60_000 })) {
    const part = Math.floor(atMs / 10_000)
    counts[part] = (counts[part] ?? 0) + 1
  }
  return counts
}

test('the rate rises, falls, rests, bursts and comes back', () => {
  const wanted = [100, 150, 150, 75, 175, 200]
  perPart(10).forEach((count, part) => {
    assert.ok(Math.abs(count - (wanted[part] as number)) <= 1, `part ${part}: ${count} iterations`)
  })
})

test('a slow rate never falls below one iteration a second', () => {
  assert.ok(perPart(1).every((count) => count >= 9))
})

test('iterations begin in order and within the duration', () => {
  const arrivals = planArrivals({ rate: 7, durationMs: 3_000 })
  assert.deepEqual(
    arrivals,
    arrivals.toSorted((a, b) => a - b),
  )
  assert.ok(arrivals.every((atMs) => atMs >= 0 && atMs < 3_000))
})
