import { AppError } from '@bookinfo/errors'

export type Rating = { id: string; productId: string; reviewer: string; stars: number; createdAt: Date }

/** How many ratings gave 1, 2, 3, 4 and 5 stars. */
export type Totals = readonly [number, number, number, number, number]

export const noTotals: Totals = [0, 0, 0, 0, 0]

/** A rating has a whole number of stars from 1 to 5; anything else is `invalid`. */
export const createRating = (rating: Rating): Rating => {
  if (!Number.isInteger(rating.stars) || rating.stars < 1 || rating.stars > 5) {
    throw new AppError('invalid', `stars must be between 1 and 5, got ${rating.stars}`)
  }
  return rating
}

/** The totals after one more rating. */
export const addStars = (totals: Totals, stars: number): Totals =>
  totals.map((count, index) => (index === stars - 1 ? count + 1 : count)) as unknown as Totals

/** Number of ratings. */
export const countOf = (totals: Totals): number => totals.reduce((sum, count) => sum + count, 0)

/** Mean stars, 0 without ratings. */
export const averageOf = (totals: Totals): number => {
  const count = countOf(totals)
  return count === 0 ? 0 : totals.reduce((sum, many, index) => sum + many * (index + 1), 0) / count
}
