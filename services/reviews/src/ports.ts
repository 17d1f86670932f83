import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Review, ReviewState, SubmittedReview } from './domain.ts'

export type ReviewPage = { reviews: Review[]; total: number }

export type ReviewStore = {
  /**
   * Stores the review, the book's new total and the event `review-submitted`, all or nothing. A key or id that was used before for the
   * same content answers with the review stored then and changes nothing, also when it was deleted; used for other content it rejects
   * with `conflict`.
   */
  addOnce(key: WriteKey, review: Review): Promise<Stored<SubmittedReview>>
  /**
   * Deletes the review, counts it off and announces `review-deleted`, all or nothing, and once. Whatever the id named, a submit under it
   * does nothing from now on. Resolves with the deleted review's book, or undefined when there was nothing to delete.
   */
  deleteOnce(id: string, at: Date): Promise<{ productId: string } | undefined>
  /** One page of a book's reviews, newest first, with their number over all pages. */
  page(productId: string, page: { offset: number; limit: number }): Promise<ReviewPage>
  /** What became of these reviews; the unknown ones are left out. */
  states(ids: readonly string[]): Promise<ReviewState[]>
}

/** A book's totals, and for each reviewer who rated it their newest stars. */
export type BookRatings = { average: number; count: number; starsByReviewer: ReadonlyMap<string, number> }

export type Ratings = {
  /** The ratings of a book by these reviewers. Rejects when ratings is away, late, or does not answer as it promises. */
  of(productId: string, reviewers: readonly string[]): Promise<BookRatings>
}
