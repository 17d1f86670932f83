import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@bookinfo/errors'
import { createBatcher } from './index.ts'

const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve }
}

test('what comes while a batch is being stored goes together in the next one', async () => {
  const first = gate()
  const batches: number[][] = []
  const batcher = createBatcher<number, number>({
    store: async (items) => {
      batches.push([...items])
      if (batches.length === 1) await first.passed
      return items.map((item) => item * 10)
    },
    batchMax: 3,
  })
  const results = [batcher.add(1)]
  while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve))
  results.push(...[2, 3, 4, 5].map((item) => batcher.add(item)))
  first.open()
  assert.deepEqual(await Promise.all(results), [10, 20, 30, 40, 50])
  assert.deepEqual(batches, [[1], [2, 3, 4], [5]])
})

test('an item that the database refuses fails alone', async () => {
  const batcher = createBatcher<number, number>({
    store: async (items) => {
      if (items.includes(2)) throw new Error('refused')
      return items
    },
  })
  const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('a database that is away fails the whole batch at once, and the next item is tried again', async () => {
  let isAway = true
  let calls = 0
  const batcher = createBatcher<number, number>({
    store: async (items) => {
      calls += 1
      if (isAway) throw new AppError('unavailable', 'away')
      return items
    },
  })
  const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)))
  assert.ok(results.every(({ status }) => status === 'rejected'))
  assert.equal(calls, 1)
  isAway = false
  assert.equal(await batcher.add(4), 4)
})

test('above its limit it refuses instead of growing', async () => {
  const batcher = createBatcher<number, number>({ store: async (items) => items, queueMax: 2 })
  const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected'],
  )
})
