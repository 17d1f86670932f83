import { type ProductRatings, ratings as contract } from '@bookinfo/ratings/contract'
import { type HttpClient, pathOf, readJson } from '@bookinfo/server'
import type { BookRatings, Ratings } from '../ports.ts'

/** Asks the ratings service, for the given reviewers only, however long a book's history is. */
export const createRatingsClient = ({ http }: { http: Pick<HttpClient, 'call'> }): Ratings => ({
  of: async (productId, reviewers) => {
    const { method, path } = contract.routes.list
    const query = new URLSearchParams(reviewers.map((reviewer): [string, string] => ['reviewer', reviewer]))
    const reply = await http.call({ method, path: `${pathOf(path, { id: productId })}?${query}` })
    return toBookRatings(readJson<ProductRatings>(contract.name, reply))
  },
})

const toBookRatings = ({ average, count, ratings }: ProductRatings): BookRatings => ({
  average,
  count,
  starsByReviewer: new Map(ratings.map(({ reviewer, stars }) => [reviewer, stars])),
})
