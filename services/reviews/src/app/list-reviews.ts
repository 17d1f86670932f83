import type { Review, ReviewState } from '../domain.ts'
import type { BookRatings, Ratings, ReviewStore } from '../ports.ts'
import type { ReviewsTelemetry } from '../telemetry.ts'

type Needs = { reviews: ReviewStore; ratings: Ratings; telemetry: ReviewsTelemetry }
type Input = { productId: string; page: number; pageSize: number; awaited: readonly string[] | undefined }

export type Rated = Review & { rating: { stars: number; average: number; count: number } | undefined }
export type ReviewList = { reviews: Rated[]; total: number; states: ReviewState[] | undefined }

/** A page of a book's reviews with their authors' stars; readable, without stars, while ratings is away. */
export const listReviews =
  ({ reviews, ratings, telemetry }: Needs) =>
  async ({ productId, page, pageSize, awaited }: Input): Promise<ReviewList> => {
    const [found, states] = await Promise.all([
      reviews.page(productId, { offset: (page - 1) * pageSize, limit: pageSize }),
      awaited === undefined ? undefined : reviews.states(awaited),
    ])
    const rated = await ratingsOf(productId, found.reviews, { ratings, telemetry })
    return { reviews: found.reviews.map((review) => withRating(review, rated)), total: found.total, states }
  }

const ratingsOf = async (
  productId: string,
  reviews: readonly Review[],
  { ratings, telemetry }: Pick<Needs, 'ratings' | 'telemetry'>,
): Promise<BookRatings | undefined> => {
  if (reviews.length === 0) return undefined
  try {
    return await ratings.of(productId, [...new Set(reviews.map(({ reviewer }) => reviewer))])
  } catch (error) {
    telemetry.ratingsMissing(productId, error)
    return undefined
  }
}

const withRating = (review: Review, rated: BookRatings | undefined): Rated => {
  if (rated === undefined) return { ...review, rating: undefined }
  const { average, count, starsByReviewer } = rated
  return { ...review, rating: { stars: starsByReviewer.get(review.reviewer) ?? 0, average, count } }
}
