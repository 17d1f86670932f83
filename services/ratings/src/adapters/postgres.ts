import { type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import { noTotals, type Rating, type Totals } from '../domain.ts'
import type { RatingPage, RatingStore } from '../ports.ts'
import { ratingEvent } from './event.ts'

type Needs = { pool: Pool; outbox: { wake(): void }; newEventId: () => string }

type RatingRow = { id: string; product_id: string; reviewer: string; stars: number; created_at: Date }
type TotalsRow = { stars_1: number; stars_2: number; stars_3: number; stars_4: number; stars_5: number }

/** Ratings in PostgreSQL: a write is one statement, so the rating, the totals and the event are stored together or not at all. */
export const createPostgresRatings = ({ pool, outbox, newEventId }: Needs): RatingStore => ({
  addOnce: async (key, rating) => {
    if (key.kind === 'natural') await retireNaturalKey(pool, key, rating.createdAt)
    const { id, topic, headers, payload } = ratingEvent(rating, { id: newEventId(), key: key.key, totals: noTotals })
    const values = [
      rating.id,
      rating.productId,
      rating.reviewer,
      rating.stars,
      key.key,
      key.fingerprint,
      rating.createdAt,
    ]
    const added = await query(pool, 'ratings.add', addSql, [...values, id, topic, headers, payload.toString()])
    if (added.rowCount === 0) return { outcome: 'repeated', value: await storedUnder(pool, key) }
    outbox.wake()
    return { outcome: 'created', value: rating }
  },
  page: async (productId, { offset, limit }) => {
    const [rows, totals] = await Promise.all([
      query<RatingRow>(pool, 'ratings.page', pageSql, [productId, limit, offset]),
      readTotals(pool, productId),
    ])
    return { ratings: rows.rows.map(toRating), total: totals.reduce((sum, count) => sum + count, 0), totals }
  },
  newestBy: async (productId, reviewers): Promise<RatingPage> => {
    const [rows, totals] = await Promise.all([
      query<RatingRow>(pool, 'ratings.newest', newestSql, [productId, reviewers]),
      readTotals(pool, productId),
    ])
    return { ratings: rows.rows.map(toRating), total: rows.rows.length, totals }
  },
})

// The event's data comes without totals; they are known only here, after the totals row is locked and counted up.
const addSql = `
  WITH added AS (
    INSERT INTO ratings (id, product_id, reviewer, stars, idempotency_key, fingerprint, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING product_id, stars
  ), totals AS (
    INSERT INTO rating_totals AS kept (product_id, count, stars_1, stars_2, stars_3, stars_4, stars_5)
    SELECT product_id, 1, (stars = 1)::int, (stars = 2)::int, (stars = 3)::int, (stars = 4)::int, (stars = 5)::int
    FROM added
    ON CONFLICT (product_id) DO UPDATE SET
      count = kept.count + 1,
      stars_1 = kept.stars_1 + excluded.stars_1,
      stars_2 = kept.stars_2 + excluded.stars_2,
      stars_3 = kept.stars_3 + excluded.stars_3,
      stars_4 = kept.stars_4 + excluded.stars_4,
      stars_5 = kept.stars_5 + excluded.stars_5
    RETURNING product_id, count, stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5 AS stars
  )
  SELECT outbox_add($8, $9, product_id, $10, (
    $11::jsonb || jsonb_build_object('average', stars::float8 / count, 'count', count, 'version', count)
  )::text)
  FROM totals`

const pageSql = `
  SELECT id, product_id, reviewer, stars, created_at FROM ratings
  WHERE product_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3`

const newestSql = `
  SELECT newest.* FROM unnest($2::text[]) AS asked (reviewer) CROSS JOIN LATERAL (
    SELECT id, product_id, reviewer, stars, created_at FROM ratings
    WHERE product_id = $1 AND reviewer = asked.reviewer ORDER BY created_at DESC, id DESC LIMIT 1
  ) AS newest`

/** A natural key means a retransmission for a few seconds only; after that its row lets go of it. */
const retireNaturalKey = async (pool: Pool, { key }: WriteKey, now: Date): Promise<void> => {
  const sql = `UPDATE ratings SET idempotency_key = idempotency_key || '/' || id WHERE idempotency_key = $1 AND created_at <= $2`
  await query(pool, 'ratings.retire', sql, [key, new Date(now.getTime() - naturalWindowMs)])
}

const storedUnder = async (pool: Pool, { key, fingerprint }: WriteKey): Promise<Rating> => {
  const sql = `SELECT id, product_id, reviewer, stars, created_at, fingerprint FROM ratings WHERE idempotency_key = $1`
  const row = (await query<RatingRow & { fingerprint: string }>(pool, 'ratings.stored', sql, [key])).rows[0]
  if (row?.fingerprint === fingerprint) return toRating(row)
  throw new AppError('conflict', `idempotency key ${key} was used for another rating`)
}

const readTotals = async (pool: Pool, productId: string): Promise<Totals> => {
  const sql = `SELECT stars_1, stars_2, stars_3, stars_4, stars_5 FROM rating_totals WHERE product_id = $1`
  const row = (await query<TotalsRow>(pool, 'ratings.totals', sql, [productId])).rows[0]
  return row ? [row.stars_1, row.stars_2, row.stars_3, row.stars_4, row.stars_5] : noTotals
}

const toRating = ({ id, product_id: productId, reviewer, stars, created_at: createdAt }: RatingRow): Rating => ({
  id,
  productId,
  reviewer,
  stars,
  createdAt,
})
