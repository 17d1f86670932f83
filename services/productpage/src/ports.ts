import type { Detail, Sort } from '@bookinfo/details/contract'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import type { ProductReviews } from '@bookinfo/reviews/contract'

/** A review that was submitted and is not stored yet. */
export type PendingReview = { id: string; reviewer: string; text: string; stars: number; at: Date }

/** What is on its way: shown at once, and forgotten when the services have caught up or after an hour. */
export type PendingStore = {
  add(productId: string, review: PendingReview): Promise<void>
  markDeleting(productId: string, reviewId: string): Promise<void>
  /** Newest first; bounded. */
  list(productId: string): Promise<{ pending: PendingReview[]; deleting: string[] }>
  /** Forgets reviews by id, whether they were coming or going. */
  settle(productId: string, reviewIds: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** The services behind the pages. Calls reject with `unavailable`, `timeout` or `badGateway`, and with `notFound` for an unknown id. */
export type Backend = {
  books(query: { q: string; sort: Sort; page: number; pageSize: number }): Promise<{ books: Detail[]; total: number }>
  book(id: string): Promise<Detail>
  /** A page of reviews, and what became of the reviews named in `states`. */
  reviews(
    productId: string,
    query: { page: number; pageSize: number; states: readonly string[] },
  ): Promise<ProductReviews>
  ratings(productId: string): Promise<ProductRatings>
  /** Resolves when the command is accepted. The key makes a repeat harmless. */
  submitRating(command: { productId: string; reviewer: string; stars: number }, key: string): Promise<void>
  submitReview(
    command: { productId: string; reviewer: string; text: string; reviewId: string },
    key: string,
  ): Promise<void>
  deleteReview(reviewId: string): Promise<void>
  close(): Promise<void>
}
