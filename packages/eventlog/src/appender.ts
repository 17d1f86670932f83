import { AppError } from '@bookinfo/errors'
import type { Appended, NewEntry } from './port.ts'

/** One call's entries on their way into the log. */
type Waiting = {
  entries: readonly NewEntry[]
  bytes: number
  resolve(appended: Appended[]): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

type Store = (entries: NewEntry[]) => Promise<Appended[]>

/** Limits of what waits for the log: above them, or after `waitMs`, a caller is told to come back. */
export type AppenderLimits = {
  batchEntriesMax: number
  batchBytesMax: number
  queueEntriesMax: number
  queueBytesMax: number
  waitMs: number
}

export const appenderLimits: AppenderLimits = {
  batchEntriesMax: 1_000,
  batchBytesMax: 8 * 1_048_576,
  queueEntriesMax: 20_000,
  queueBytesMax: 128 * 1_048_576,
  waitMs: 2_000,
}

/**
 * Gathers what arrives while the previous batch is being stored, with no timer: alone, an entry is stored at once; under load, many
 * share one commit.
 */
export const createAppender = (store: Store, limits = appenderLimits) => {
  const queue: Waiting[] = []
  const queued = { entries: 0, bytes: 0 }
  let running: Promise<void> | undefined

  const leave = (waiting: Waiting) => {
    queued.entries -= waiting.entries.length
    queued.bytes -= waiting.bytes
  }
  const run = async () => {
    while (queue.length > 0) {
      const batch = takeBatch(queue, limits)
      for (const waiting of batch) leave(waiting)
      await storeBatch(store, batch)
    }
    running = undefined
  }

  return {
    /** Stores the entries, or rejects with `unavailable` when too much is waiting or it takes too long. */
    append: (entries: readonly NewEntry[]): Promise<Appended[]> => {
      if (entries.length === 0) return Promise.resolve([])
      const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0)
      if (queued.entries + entries.length > limits.queueEntriesMax || queued.bytes + bytes > limits.queueBytesMax) {
        return Promise.reject(
          new AppError('unavailable', 'too many events wait for the log', { headers: { 'retry-after': '1' } }),
        )
      }
      return new Promise((resolve, reject) => {
        const late = () => {
          const index = queue.indexOf(waiting)
          if (index >= 0) queue.splice(index, 1).forEach(leave)
          reject(
            new AppError('unavailable', `the log did not store within ${limits.waitMs} ms`, {
              headers: { 'retry-after': '1' },
            }),
          )
        }
        const waiting: Waiting = { entries, bytes, resolve, reject, timer: setTimeout(late, limits.waitMs) }
        queue.push(waiting)
        queued.entries += entries.length
        queued.bytes += bytes
        running ??= Promise.resolve().then(run)
      })
    },
    /** Resolves when nothing waits any more. */
    idle: async () => {
      while (running !== undefined) await running
    },
  }
}

/** A batch that the storage refuses is tried again caller by caller, so that nobody pays for another one's entry. */
const storeBatch = async (store: Store, batch: readonly Waiting[]): Promise<void> => {
  try {
    const appended = await store(batch.flatMap(({ entries }) => entries))
    let offset = 0
    for (const { entries, resolve, timer } of batch) {
      clearTimeout(timer)
      resolve(appended.slice(offset, (offset += entries.length)))
    }
  } catch (error) {
    const isAway = error instanceof AppError && error.code === 'unavailable'
    if (batch.length > 1 && !isAway) {
      for (const waiting of batch) await storeBatch(store, [waiting])
      return
    }
    for (const { reject, timer } of batch) {
      clearTimeout(timer)
      reject(error)
    }
  }
}

/** Takes callers from the front while the batch stays within its limits, one at least. */
const takeBatch = (queue: Waiting[], limits: AppenderLimits): Waiting[] => {
  let entries = 0
  let bytes = 0
  let end = 0
  for (const waiting of queue) {
    entries += waiting.entries.length
    bytes += waiting.bytes
    if (end > 0 && (entries > limits.batchEntriesMax || bytes > limits.batchBytesMax)) break
    end += 1
  }
  return queue.splice(0, end)
}
