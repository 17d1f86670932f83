import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Rating, Totals } from './domain.ts'

export type RatingPage = { ratings: Rating[]; total: number; totals: Totals }

export type RatingStore = {
  /**
   * Stores the rating, the book's new totals and the event `rating-submitted`, all or nothing. A key that was used before for the same
   * content answers with the rating stored then and changes nothing; used for other content it rejects with `conflict`.
   */
  addOnce(key: WriteKey, rating: Rating): Promise<Stored<Rating>>
  /** One page of a book's ratings, newest first, with the totals over all of them. */
  page(productId: string, page: { offset: number; limit: number }): Promise<RatingPage>
  /** The newest rating of each of these reviewers, with the totals over all ratings of the book. */
  newestBy(productId: string, reviewers: readonly string[]): Promise<RatingPage>
}
