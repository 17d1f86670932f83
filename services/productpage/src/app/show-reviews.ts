import type { Review } from '@bookinfo/reviews/contract'
import type { Backend, PendingReview, PendingStore } from '../ports.ts'

type Needs = { backend: Backend; pending: PendingStore }

export type ReviewsPage = {
  productId: string
  page: number
  totalPages: number
  total: number
  reviews: (Review & { isDeleting: boolean })[]
  /** Shown before the first page, until they are stored. */
  pending: PendingReview[]
  /** What is worth asking for again: reviews that are not stored yet, and those on this page that are being deleted. */
  settling: { coming: string[]; going: string[] }
}

export const reviewsPerPage = 10

/** A page of reviews with what is on its way; what the reviews service knows by now is settled by its id, whatever page it is on. */
export const showReviews =
  ({ backend, pending }: Needs) =>
  async (productId: string, page: number): Promise<ReviewsPage> => {
    // A cache that is away must not take the reviews with it.
    const coming = await pending.list(productId).catch(() => ({ pending: [], deleting: [] }))
    const states = [...coming.pending.map(({ id }) => id), ...coming.deleting]
    const asked = await backend.reviews(productId, { page, pageSize: reviewsPerPage, states })
    const known = new Map((asked.states ?? []).map(({ id, state }) => [id, state]))
    const stored = coming.pending.filter(({ id }) => known.has(id)).map(({ id }) => id)
    const deleted = coming.deleting.filter((id) => known.get(id) === 'deleted')
    const settled = [...stored, ...deleted]
    if (settled.length > 0) await pending.settle(productId, settled).catch(() => {})
    // The page may have been read a moment before the states were: what has just settled needs a page that shows it.
    const found =
      settled.length > 0 ? await backend.reviews(productId, { page, pageSize: reviewsPerPage, states: [] }) : asked
    const waiting = coming.pending.filter(({ id }) => !known.has(id))
    const deleting = new Set(coming.deleting.filter((id) => known.get(id) !== 'deleted'))
    const reviews = found.reviews.map((review) => ({ ...review, isDeleting: deleting.has(review.id) }))
    return {
      productId,
      page,
      total: found.pagination.total_items,
      totalPages: found.pagination.total_pages,
      reviews,
      pending: page === 1 ? waiting : [],
      settling: {
        coming: waiting.map(({ id }) => id),
        going: reviews.filter(({ isDeleting }) => isDeleting).map(({ id }) => id),
      },
    }
  }
