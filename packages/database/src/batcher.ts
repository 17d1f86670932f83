import { AppError } from '@bookinfo/errors'

/** Gathers single calls into shared statements. */
export type Batcher<Item, Result> = {
  /** Resolves with what `store` gave for this item. Rejects with `unavailable` when too many wait. */
  add(item: Item): Promise<Result>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

type Waiting<Item, Result> = { item: Item; resolve(result: Result): void; reject(error: unknown): void }

const batchDefaultMax = 500
const queueDefaultMax = 20_000

/**
 * Stores together what arrives in one turn of the event loop and what arrives while the previous batch is being stored, with no timer:
 * alone, an item goes at once; under load, many share one round trip and one commit. `store` gives one result an item, in their order.
 * A batch that the database refuses is tried again item by item, so that nobody pays for another one's item.
 */
export const createBatcher = <Item, Result>(options: {
  store: (items: readonly Item[]) => Promise<readonly Result[]>
  batchMax?: number
  queueMax?: number
}): Batcher<Item, Result> => {
  const { store, batchMax = batchDefaultMax, queueMax = queueDefaultMax } = options
  const queue: Waiting<Item, Result>[] = []
  let running: Promise<void> | undefined

  const storeAll = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await store(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      if (batch.length === 1 || isAway(error)) for (const { reject } of batch) reject(error)
      else for (const waiting of batch) await storeAll([waiting])
    }
  }
  const run = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) await storeAll(queue.splice(0, batchMax))
    running = undefined
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (queue.length >= queueMax) {
          const headers = { 'retry-after': '1' }
          return reject(new AppError('unavailable', 'too much waits for the database', { headers }))
        }
        queue.push({ item, resolve, reject })
        running ??= run()
      }),
    idle: async () => {
      while (running !== undefined) await running
    },
  }
}

const isAway = (error: unknown): boolean => error instanceof AppError && error.code === 'unavailable'
