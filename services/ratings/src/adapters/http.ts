import { resolveWriteKey } from '@bookinfo/idempotency'
import type { Handlers } from '@bookinfo/server'
import type { listRatings } from '../app/list-ratings.ts'
import type { submitRating } from '../app/submit-rating.ts'
import type { ProductRatings, Rating as RatingReply, ratings } from '../contract.ts'
import { averageOf, countOf, type Rating } from '../domain.ts'
import type { RatingPage } from '../ports.ts'

type Needs = { submit: ReturnType<typeof submitRating>; list: ReturnType<typeof listRatings> }

/** Translates between the contract's shapes and the use cases. */
export const createHandlers = ({ submit, list }: Needs): Handlers<typeof ratings.routes> => ({
  submit: async ({ body, headers }) => {
    const { product_id: productId, reviewer, stars } = body
    const key = resolveWriteKey({ bodyKey: body.idempotency_key, headers, fields: [productId, reviewer, stars] })
    const { outcome, value } = await submit({ productId, reviewer, stars }, key)
    return { status: outcome === 'created' ? 201 : 200, body: toReply(value) }
  },
  list: async ({ params, query }) => {
    const {
      page,
      page_size: pageSize,
      reviewer: reviewers,
    } = query as { page: number; page_size: number; reviewer?: string[] }
    const found = await list({ productId: params.id, page, pageSize, reviewers })
    return { status: 200, body: toListReply(params.id, found, { page, pageSize }) }
  },
})

const toReply = ({ id, productId, reviewer, stars }: Rating): RatingReply => ({
  id,
  product_id: productId,
  reviewer,
  stars,
})

const toListReply = (
  productId: string,
  { ratings, total, totals }: RatingPage,
  { page, pageSize }: { page: number; pageSize: number },
): ProductRatings => ({
  product_id: productId,
  average: averageOf(totals),
  count: countOf(totals),
  histogram: [...totals],
  ratings: ratings.map(toReply),
  pagination: { page, page_size: pageSize, total_items: total, total_pages: Math.ceil(total / pageSize) },
})
