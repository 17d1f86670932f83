import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Kit } from '@bookinfo/server'
import type { BookRating, RatedBook } from './domain/book.ts'

export type DetailsTelemetry = ReturnType<typeof createDetailsTelemetry>

/** Every business event of this service: one log line and one count each. */
export const createDetailsTelemetry = ({ logger, metrics }: Pick<Kit, 'logger' | 'metrics'>) => {
  const added = metrics.counter('books_added_total', 'Books added')
  const recorded = metrics.counter('book_ratings_recorded_total', 'Ratings of books recorded')
  return {
    added: ({ outcome, value }: Stored<RatedBook>, { key }: WriteKey) => {
      if (outcome === 'repeated') {
        logger.info('duplicate add skipped', { detail_id: value.id, idempotency_key: key })
        return
      }
      added.inc()
      logger.info('detail added', { detail_id: value.id, title: value.title })
    },
    ratingRecorded: ({ productId, version }: BookRating, isNewer: boolean) => {
      if (isNewer) recorded.inc()
      logger.info(isNewer ? 'rating recorded' : 'older rating skipped', { detail_id: productId, version })
    },
  }
}
