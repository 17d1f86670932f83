import type { RatingPage, RatingStore } from '../ports.ts'

type Needs = { ratings: RatingStore }
type Input = { productId: string; page: number; pageSize: number; reviewers: readonly string[] | undefined }

/** A page of a book's ratings, or the newest rating of each named reviewer. */
export const listRatings =
  ({ ratings }: Needs) =>
  ({ productId, page, pageSize, reviewers }: Input): Promise<RatingPage> =>
    reviewers === undefined
      ? ratings.page(productId, { offset: (page - 1) * pageSize, limit: pageSize })
      : ratings.newestBy(productId, reviewers)
