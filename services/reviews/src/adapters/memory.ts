import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import { type Earlier, type Review, recogniseRepeat } from '../domain.ts'
import type { ReviewStore } from '../ports.ts'
import { deletedEvent, submittedEvent } from './event.ts'

type Needs = { outbox: { add(event: OutgoingEvent): void }; newEventId: () => string }
type Row = Earlier & { review: Review | undefined; key: string | undefined }

/** Reviews in memory: for tests and for running without a database; they end with the process. */
export const createMemoryReviews = ({ outbox, newEventId }: Needs): ReviewStore => {
  const rows = new Map<string, Row>()
  const idByKey = new Map<string, string>()

  const earlierThan = ({ key, kind }: WriteKey, { id, createdAt }: Review): Row | undefined => {
    const byId = rows.get(id)
    const byKey = rows.get(idByKey.get(key) ?? '')
    const isStale = kind === 'natural' && byKey && createdAt.getTime() - byKey.createdAt.getTime() >= naturalWindowMs
    return byId ?? (isStale ? undefined : byKey)
  }

  return {
    addOnce: async (key, review) => {
      const earlier = earlierThan(key, review)
      if (earlier !== undefined) {
        return { outcome: 'repeated', value: recogniseRepeat(earlier, { review, fingerprint: key.fingerprint }) }
      }
      const { id, createdAt } = review
      rows.set(id, { id, key: key.key, fingerprint: key.fingerprint, createdAt, deletedAt: undefined, review })
      idByKey.set(key.key, id)
      outbox.add(submittedEvent(review, { id: newEventId(), key: key.key }))
      return { outcome: 'created', value: { ...review, deletedAt: undefined } }
    },
    deleteOnce: async (id, at) => {
      const row = rows.get(id)
      if (row?.deletedAt !== undefined) return undefined
      const tombstone = { id, key: undefined, fingerprint: undefined, createdAt: at, ...row, deletedAt: at }
      rows.set(id, { ...tombstone, review: undefined })
      if (row?.review === undefined) return undefined
      if (row.key === row.fingerprint) idByKey.delete(row.key ?? '')
      outbox.add(deletedEvent(row.review, { id: newEventId(), time: at }))
      return { productId: row.review.productId }
    },
    page: async (productId, { offset, limit }) => {
      const ofBook = [...rows.values()].flatMap(({ review }) => (review?.productId === productId ? review : []))
      return { reviews: ofBook.sort(newestFirst).slice(offset, offset + limit), total: ofBook.length }
    },
    states: async (ids) =>
      [...new Set(ids)].flatMap((id) => {
        const row = rows.get(id)
        return row === undefined ? [] : { id, state: row.deletedAt === undefined ? 'stored' : 'deleted' }
      }),
  }
}

const newestFirst = (a: Review, b: Review): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1)
