import { type OutgoingEvent, outgoingEvent } from '@bookinfo/eventlog'
import { ratingSubmitted, ratings } from '../contract.ts'
import { averageOf, countOf, type Rating, type Totals } from '../domain.ts'

/** The event that announces a stored rating, with the totals that it led to. */
export const ratingEvent = (
  rating: Rating,
  { id, key, totals }: { id: string; key: string; totals: Totals },
): OutgoingEvent =>
  outgoingEvent(ratingSubmitted, {
    id,
    source: ratings.name,
    time: rating.createdAt,
    data: {
      id: rating.id,
      product_id: rating.productId,
      reviewer: rating.reviewer,
      stars: rating.stars,
      idempotency_key: key,
      average: averageOf(totals),
      count: countOf(totals),
      version: countOf(totals),
    },
  })
