import { type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import { type Earlier, type Review, recogniseRepeat } from '../domain.ts'
import type { ReviewStore } from '../ports.ts'
import { deletedEvent, submittedEvent } from './event.ts'

type Needs = { pool: Pool; outbox: { wake(): void }; newEventId: () => string }

type ReviewRow = { id: string; product_id: string; reviewer: string; text: string; created_at: Date }

/** Reviews in PostgreSQL: each write is one statement, so that row, total and event change together. */
export const createPostgresReviews = ({ pool, outbox, newEventId }: Needs): ReviewStore => ({
  addOnce: async (key, review) => {
    if (key.kind === 'natural') await retireNaturalKey(pool, key, review.createdAt)
    const { id, productId, reviewer, text, createdAt } = review
    const event = submittedEvent(review, { id: newEventId(), key: key.key })
    const row = [id, productId, reviewer, text, key.key, key.fingerprint, createdAt]
    const outgoing = [event.id, event.topic, event.headers, event.payload.toString()]
    const added = await query(pool, 'reviews.add', addSql, [...row, ...outgoing])
    if (added.rowCount === 0) {
      const earlier = await readEarlier(pool, { id, key: key.key })
      return { outcome: 'repeated', value: recogniseRepeat(earlier, { review, fingerprint: key.fingerprint }) }
    }
    outbox.wake()
    return { outcome: 'created', value: { ...review, deletedAt: undefined } }
  },
  deleteOnce: async (id, at) => {
    const event = deletedEvent({ id, productId: '' }, { id: newEventId(), time: at })
    const values = [id, at, event.id, event.topic, event.headers, event.payload.toString()]
    const { rows } = await query<{ product_id: string }>(pool, 'reviews.delete', deleteSql, values)
    if (rows[0] === undefined) return undefined
    outbox.wake()
    return { productId: rows[0].product_id }
  },
  page: async (productId, { offset, limit }) => {
    const [page, total] = await Promise.all([
      query<ReviewRow>(pool, 'reviews.page', pageSql, [productId, limit, offset]),
      query<{ count: number }>(pool, 'reviews.total', totalSql, [productId]),
    ])
    return { reviews: page.rows.map(toReview), total: total.rows[0]?.count ?? 0 }
  },
  states: async (ids) => {
    const { rows } = await query<{ id: string; state: 'stored' | 'deleted' }>(pool, 'reviews.states', statesSql, [ids])
    return rows
  },
})

const addSql = `
  WITH added AS (
    INSERT INTO reviews (id, product_id, reviewer, text, idempotency_key, fingerprint, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
    RETURNING product_id
  ), totals AS (
    INSERT INTO review_totals AS kept (product_id, count)
    SELECT product_id, 1 FROM added
    ON CONFLICT (product_id) DO UPDATE SET count = kept.count + 1
    RETURNING product_id
  )
  SELECT outbox_add($8, $9, product_id, $10, $11) FROM totals`

// The total is counted down as it is counted up, on the newest row: a plain update would first check a count that a submit at the same
// time has already raised. A natural key is let go of: who deletes a review knows it was stored, so equal content after that is meant as new. The event comes
// without its book, which only the row knows.
const deleteSql = `
  WITH deleted AS (
    INSERT INTO reviews AS kept (id, created_at, deleted_at) VALUES ($1, $2, $2)
    ON CONFLICT (id) DO UPDATE SET
      deleted_at = excluded.deleted_at,
      reviewer = NULL,
      text = NULL,
      idempotency_key = CASE WHEN kept.idempotency_key <> kept.fingerprint THEN kept.idempotency_key END
    WHERE kept.deleted_at IS NULL
    RETURNING product_id
  ), totals AS (
    INSERT INTO review_totals AS kept (product_id, count)
    SELECT product_id, 0 FROM deleted WHERE product_id IS NOT NULL
    ON CONFLICT (product_id) DO UPDATE SET count = kept.count - 1
    RETURNING product_id
  )
  SELECT product_id, outbox_add(
    $3, $4, product_id,
    ($5::jsonb || jsonb_build_object('ce_subject', product_id))::text,
    ($6::jsonb || jsonb_build_object('product_id', product_id))::text
  ) FROM totals`

// Skips over index entries only, and reads nothing at all beyond the last page.
const pageSql = `
  SELECT id, product_id, reviewer, text, created_at FROM reviews
  WHERE id IN (
    SELECT id FROM reviews
    WHERE product_id = $1 AND deleted_at IS NULL
      AND $3::bigint < (SELECT count FROM review_totals WHERE product_id = $1)
    ORDER BY created_at DESC, id LIMIT $2 OFFSET $3::bigint
  )
  ORDER BY created_at DESC, id`

const totalSql = 'SELECT count FROM review_totals WHERE product_id = $1'

const statesSql = `
  SELECT id, CASE WHEN deleted_at IS NULL THEN 'stored' ELSE 'deleted' END AS state
  FROM reviews WHERE id = ANY ($1::text[])`

/** A natural key means a retransmission for a few seconds only; after that its row lets go of it. */
const retireNaturalKey = async (pool: Pool, { key }: WriteKey, now: Date): Promise<void> => {
  const sql = 'UPDATE reviews SET idempotency_key = NULL WHERE idempotency_key = $1 AND created_at <= $2'
  await query(pool, 'reviews.retire', sql, [key, new Date(now.getTime() - naturalWindowMs)])
}

type EarlierRow = { id: string; fingerprint: string | null; created_at: Date; deleted_at: Date | null }

const readEarlier = async (pool: Pool, used: { id: string; key: string }): Promise<Earlier> => {
  const sql = `
    SELECT id, fingerprint, created_at, deleted_at FROM reviews
    WHERE id = $1 OR idempotency_key = $2 ORDER BY id = $1 DESC LIMIT 1`
  const row = (await query<EarlierRow>(pool, 'reviews.earlier', sql, [used.id, used.key])).rows[0]
  if (row === undefined) throw new AppError('unavailable', `storing review ${used.id}: its key has just changed hands`)
  const { id, created_at: createdAt } = row
  return { id, createdAt, fingerprint: row.fingerprint ?? undefined, deletedAt: row.deleted_at ?? undefined }
}

const toReview = ({ id, product_id: productId, reviewer, text, created_at: createdAt }: ReviewRow): Review => ({
  id,
  productId,
  reviewer,
  text,
  createdAt,
})
