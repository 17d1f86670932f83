import { describeError } from '@bookinfo/errors'
import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Kit } from '@bookinfo/server'
import type { SubmittedReview } from './domain.ts'

export type ReviewsTelemetry = ReturnType<typeof createReviewsTelemetry>

/** Every business event of this service: one log line and one count each. */
export const createReviewsTelemetry = ({ logger, metrics }: Pick<Kit, 'logger' | 'metrics'>) => {
  const submitted = metrics.counter('reviews_submitted_total', 'Reviews stored')
  const deleted = metrics.counter('reviews_deleted_total', 'Reviews deleted')
  const unrated = metrics.counter('reviews_without_ratings_total', 'Pages of reviews served while ratings were away')
  return {
    submitted: ({ outcome, value }: Stored<SubmittedReview>, { key }: WriteKey) => {
      if (outcome === 'repeated') {
        const message =
          value.deletedAt === undefined ? 'duplicate submit skipped' : 'submit of a deleted review skipped'
        logger.info(message, { review_id: value.id, idempotency_key: key })
        return
      }
      submitted.inc()
      logger.info('review submitted', { review_id: value.id, product_id: value.productId })
    },
    deleted: (id: string, { productId }: { productId: string }) => {
      deleted.inc()
      logger.info('review deleted', { review_id: id, product_id: productId })
    },
    nothingDeleted: (id: string) => logger.info('delete of a missing review remembered', { review_id: id }),
    ratingsMissing: (productId: string, error: unknown) => {
      unrated.inc()
      logger.warn('failed to fetch ratings, returning reviews without ratings', {
        product_id: productId,
        error: describeError(error),
      })
    },
  }
}
