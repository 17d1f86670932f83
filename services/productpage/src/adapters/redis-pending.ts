import { AppError } from '@bookinfo/errors'
import type { PendingReview, PendingStore } from '../ports.ts'
import { pendingMaxMs, pendingPerBookMax } from './memory-pending.ts'

const seconds = pendingMaxMs / 1_000

/** What is on its way, kept in Redis so that all instances show it: the reference's keys, one round trip a call, gone after an hour. */
export const openRedisPending = async ({ url }: { url: string }): Promise<PendingStore> => {
  const { createClient } = await import('redis')
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (retries) => Math.min(retries * 50, 2_000) },
  })
  // Reconnects by itself; every call meanwhile says that it is away.
  client.on('error', () => {})
  await client.connect()
  const pendingKey = (productId: string) => `pending:reviews:${productId}`
  const deletingKey = (productId: string) => `deleting:reviews:${productId}`
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw new AppError('unavailable', 'the pending cache is not available', { cause })
    }
  }
  return {
    add: (productId, { id, reviewer, text, stars, at }) =>
      attempt(async () => {
        const entry = JSON.stringify({ id, reviewer, text, stars, timestamp: Math.floor(at.getTime() / 1_000) })
        const key = pendingKey(productId)
        await client.multi().rPush(key, entry).lTrim(key, -pendingPerBookMax, -1).expire(key, seconds).exec()
      }),
    markDeleting: (productId, reviewId) =>
      attempt(async () => {
        await client.multi().sAdd(deletingKey(productId), reviewId).expire(deletingKey(productId), seconds).exec()
      }),
    list: (productId) =>
      attempt(async () => {
        const [entries, deleting] = await Promise.all([
          client.lRange(pendingKey(productId), 0, -1),
          client.sMembers(deletingKey(productId)),
        ])
        const pending = entries.flatMap(readEntry).toReversed()
        return {
          pending: [...new Map(pending.map((review) => [review.id, review])).values()],
          deleting: deleting.slice(0, pendingPerBookMax),
        }
      }),
    settle: (productId, reviewIds) =>
      attempt(async () => {
        if (reviewIds.length === 0) return
        const entries = await client.lRange(pendingKey(productId), 0, -1)
        const work = client.multi().sRem(deletingKey(productId), [...reviewIds])
        for (const entry of entries)
          if (readEntry(entry).some(({ id }) => reviewIds.includes(id))) work.lRem(pendingKey(productId), 1, entry)
        await work.exec()
      }),
    close: async () => client.destroy(),
  }
}

const readEntry = (entry: string): PendingReview[] => {
  try {
    const { id, reviewer, text, stars, timestamp } = JSON.parse(entry)
    // An entry without an id was written by another program, and nothing could ever settle it.
    if (typeof id !== 'string') return []
    return [
      {
        id,
        reviewer: String(reviewer),
        text: String(text),
        stars: Number(stars),
        at: new Date(timestamp * 1_000),
      },
    ]
  } catch {
    return []
  }
}
