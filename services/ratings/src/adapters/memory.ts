import { AppError } from '@bookinfo/errors'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalWindowMs } from '@bookinfo/idempotency'
import { addStars, noTotals, type Rating, type Totals } from '../domain.ts'
import type { RatingStore } from '../ports.ts'
import { ratingEvent } from './event.ts'

type Needs = { outbox: { add(event: OutgoingEvent): void }; newEventId: () => string }
type Row = { rating: Rating; fingerprint: string }

/** Ratings in memory: for tests and for running without a database; they end with the process. */
export const createMemoryRatings = ({ outbox, newEventId }: Needs): RatingStore => {
  const byKey = new Map<string, Row>()
  const byProduct = new Map<string, Rating[]>()
  const totalsByProduct = new Map<string, Totals>()
  const totalsOf = (productId: string) => totalsByProduct.get(productId) ?? noTotals

  return {
    addOnce: async ({ key, kind, fingerprint }, rating) => {
      const earlier = byKey.get(key)
      const isStale = kind === 'natural' && ageMs(earlier, rating.createdAt) >= naturalWindowMs
      if (earlier !== undefined && !isStale) {
        if (earlier.fingerprint === fingerprint) return { outcome: 'repeated', value: earlier.rating }
        throw new AppError('conflict', `idempotency key ${key} was used for another rating`)
      }
      const totals = addStars(totalsOf(rating.productId), rating.stars)
      byKey.set(key, { rating, fingerprint })
      byProduct.set(rating.productId, [rating, ...(byProduct.get(rating.productId) ?? [])])
      totalsByProduct.set(rating.productId, totals)
      outbox.add(ratingEvent(rating, { id: newEventId(), key, totals }))
      return { outcome: 'created', value: rating }
    },
    page: async (productId, { offset, limit }) => {
      const ratings = byProduct.get(productId) ?? []
      return { ratings: ratings.slice(offset, offset + limit), total: ratings.length, totals: totalsOf(productId) }
    },
    newestBy: async (productId, reviewers) => {
      const all = byProduct.get(productId) ?? []
      const ratings = [...new Set(reviewers)].flatMap((name) => all.find(({ reviewer }) => reviewer === name) ?? [])
      return { ratings, total: ratings.length, totals: totalsOf(productId) }
    },
  }
}

const ageMs = (row: Row | undefined, now: Date): number => (row ? now.getTime() - row.rating.createdAt.getTime() : 0)
