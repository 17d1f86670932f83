import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Kit } from '@bookinfo/server'
import type { Rating } from './domain.ts'

export type RatingsTelemetry = ReturnType<typeof createRatingsTelemetry>

/** Every business event of this service: one log line and one count each. */
export const createRatingsTelemetry = ({ logger, metrics }: Pick<Kit, 'logger' | 'metrics'>) => {
  const submitted = metrics.counter('ratings_submitted_total', 'Ratings stored')
  return {
    submitted: ({ outcome, value }: Stored<Rating>, { key }: WriteKey) => {
      if (outcome === 'repeated') {
        logger.info('duplicate submit skipped', { rating_id: value.id, idempotency_key: key })
        return
      }
      submitted.inc()
      logger.info('rating submitted', { rating_id: value.id, product_id: value.productId })
    },
  }
}
