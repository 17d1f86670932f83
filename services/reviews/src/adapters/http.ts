import { resolveWriteKey, type WriteKey } from '@bookinfo/idempotency'
import type { Handlers } from '@bookinfo/server'
import type { deleteReview } from '../app/delete-review.ts'
import type { listReviews, Rated, ReviewList } from '../app/list-reviews.ts'
import type { submitReview } from '../app/submit-review.ts'
import type { NewReview, ProductReviews, Review, reviews, SubmittedReview as SubmittedReply } from '../contract.ts'
import type { SubmittedReview } from '../domain.ts'

type Needs = {
  submit: ReturnType<typeof submitReview>
  remove: ReturnType<typeof deleteReview>
  list: ReturnType<typeof listReviews>
}
type ListQuery = { page: number; page_size: number; review?: string[] }

/** Translates between the contract's shapes and the use cases. */
export const createHandlers = ({ submit, remove, list }: Needs): Handlers<typeof reviews.routes> => ({
  submit: async ({ body, headers }) => {
    const { review_id: id, product_id: productId, reviewer, text } = body
    const { outcome, value } = await submit({ id, productId, reviewer, text }, writeKeyOf(body, headers))
    return { status: outcome === 'created' ? 201 : 200, body: toSubmittedReply(value) }
  },
  delete: async ({ body }) => {
    await remove(body.review_id)
    return { status: 204, body: null }
  },
  list: async ({ params, query }) => {
    const { page, page_size: pageSize, review: awaited } = query as ListQuery
    const found = await list({ productId: params.id, page, pageSize, awaited })
    return { status: 200, body: toListReply(params.id, found, { page, pageSize }) }
  },
})

/** A bare call with a minted id has a name for its write already and needs no natural key. */
const writeKeyOf = (body: NewReview, headers: Parameters<typeof resolveWriteKey>[0]['headers']): WriteKey => {
  const fields = [body.product_id, body.reviewer, body.text]
  const resolved = resolveWriteKey({ bodyKey: body.idempotency_key, headers, fields })
  if (resolved.kind === 'explicit' || body.review_id === undefined) return resolved
  return { ...resolved, kind: 'explicit', key: `review/${body.review_id}` }
}

const toSubmittedReply = ({ deletedAt, ...review }: SubmittedReview): SubmittedReply => ({
  ...toReply({ ...review, rating: undefined }),
  ...(deletedAt === undefined ? {} : { deleted_at: deletedAt.toISOString() }),
})

const toReply = ({ id, productId, reviewer, text, createdAt, rating }: Rated): Review => ({
  id,
  product_id: productId,
  reviewer,
  text,
  created_at: createdAt.toISOString(),
  ...(rating === undefined ? {} : { rating }),
})

const toListReply = (
  productId: string,
  { reviews, total, states }: ReviewList,
  { page, pageSize }: { page: number; pageSize: number },
): ProductReviews => ({
  product_id: productId,
  reviews: reviews.map(toReply),
  pagination: { page, page_size: pageSize, total_items: total, total_pages: Math.ceil(total / pageSize) },
  ...(states === undefined ? {} : { states }),
})
