import { type OutgoingEvent, outgoingEvent } from '@bookinfo/eventlog'
import { reviewDeleted, reviewSubmitted, reviews } from '../contract.ts'
import type { Review } from '../domain.ts'

/** The event that announces a stored review. */
export const submittedEvent = (review: Review, { id, key }: { id: string; key: string }): OutgoingEvent =>
  outgoingEvent(reviewSubmitted, {
    id,
    source: reviews.name,
    time: review.createdAt,
    data: {
      id: review.id,
      product_id: review.productId,
      reviewer: review.reviewer,
      text: review.text,
      idempotency_key: key,
    },
  })

/** The event that announces a deleted review; its key is the book, so it follows the review's own event. */
export const deletedEvent = (
  review: { id: string; productId: string },
  { id, time }: { id: string; time: Date },
): OutgoingEvent =>
  outgoingEvent(reviewDeleted, {
    id,
    source: reviews.name,
    time,
    data: { review_id: review.id, product_id: review.productId, idempotency_key: `review-deleted-${review.id}` },
  })
