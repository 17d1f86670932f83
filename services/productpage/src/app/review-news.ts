import type { Backend, PendingStore } from '../ports.ts'
import { type ReviewsPage, reviewsPerPage } from './show-reviews.ts'

type Needs = { backend: Backend; pending: PendingStore }
type Asked = { page: number; coming: readonly string[]; going: readonly string[] }

export type ReviewNews = {
  /** Stored by now, as they stand on the page that asked. */
  stored: ReviewsPage['reviews']
  /** Stored by now, and on another page. */
  elsewhere: string[]
  deleted: string[]
  /** Still on their way. */
  settling: { coming: string[]; going: string[] }
  total: number
}

/** What became of the reviews that a page shows as on their way. */
export const readReviewNews =
  ({ backend, pending }: Needs) =>
  async (productId: string, { page, coming, going }: Asked): Promise<ReviewNews> => {
    const read = (states: readonly string[]) => backend.reviews(productId, { page, pageSize: reviewsPerPage, states })
    const asked = await read([...coming, ...going])
    const known = new Map((asked.states ?? []).map(({ id, state }) => [id, state]))
    const stored = coming.filter((id) => known.get(id) === 'stored')
    const deleted = [...coming, ...going].filter((id) => known.get(id) === 'deleted')
    if (stored.length + deleted.length > 0) await pending.settle(productId, [...stored, ...deleted]).catch(() => {})
    // The page may have been read a moment before the states were.
    const found = stored.length + deleted.length > 0 ? await read([]) : asked
    const shown = found.reviews.filter(({ id }) => stored.includes(id))
    return {
      stored: shown.map((review) => ({ ...review, isDeleting: false })),
      elsewhere: stored.filter((id) => shown.every((review) => review.id !== id)),
      deleted,
      settling: {
        coming: coming.filter((id) => !known.has(id)),
        going: going.filter((id) => known.get(id) !== 'deleted'),
      },
      total: found.pagination.total_items,
    }
  }
