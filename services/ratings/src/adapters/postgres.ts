import { createBatcher, type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import { ratingSubmitted } from '../contract.ts'
import { noTotals, type Rating, type Totals } from '../domain.ts'
import type { RatingPage, RatingStore } from '../ports.ts'
import { ratingEvent } from './event.ts'

type Needs = { pool: Pool; outbox: { wake(): void }; newEventId: () => string }

type RatingRow = { id: string; product_id: string; reviewer: string; stars: number; created_at: Date }
type TotalsRow = { stars_1: number; stars_2: number; stars_3: number; stars_4: number; stars_5: number }

/**
 * Ratings in PostgreSQL: a write is one statement, so the rating, the totals and the event are stored together or not at all. Writes that
 * come together share a statement and its commit.
 */
export const createPostgresRatings = ({ pool, outbox, newEventId }: Needs): RatingStore => {
  const adding = createBatcher<NewRating, boolean>({ store: (items) => addRatings(pool, items) })
  return {
    addOnce: async (key, rating) => {
      if (key.kind === 'natural') await retireNaturalKey(pool, key, rating.createdAt)
      const event = ratingEvent(rating, { id: newEventId(), key: key.key, totals: noTotals })
      if (!(await adding.add({ key, rating, event })))
        return { outcome: 'repeated', value: await storedUnder(pool, key) }
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
  }
}

type NewRating = { key: WriteKey; rating: Rating; event: OutgoingEvent }

/** Tells of each rating whether it was new. */
const addRatings = async (pool: Pool, items: readonly NewRating[]): Promise<boolean[]> => {
  const column = <T>(pick: (item: NewRating) => T) => items.map(pick)
  const { rows } = await query<{ id: string }>(pool, 'ratings.add', addSql, [
    column(({ rating }) => rating.id),
    column(({ rating }) => rating.productId),
    column(({ rating }) => rating.reviewer),
    column(({ rating }) => rating.stars),
    column(({ key }) => key.key),
    column(({ key }) => key.fingerprint),
    column(({ rating }) => rating.createdAt),
    column(({ event }) => event.id),
    column(({ event }) => JSON.stringify(event.headers)),
    column(({ event }) => event.payload.toString()),
    ratingSubmitted.topic,
  ])
  const added = new Set(rows.map(({ id }) => id))
  return items.map(({ rating }) => added.has(rating.id))
}

// The events come without totals; they are known only here, after the totals row is locked and counted up: a rating's own are the new
// ones less those of the ratings after it. Keys and books are taken in one order everywhere, so that two batches cannot wait for each other.
const addSql = `
  WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::timestamptz[], $8::text[],
      $9::text[], $10::text[]) WITH ORDINALITY
      AS g (id, product_id, reviewer, stars, key, fingerprint, created_at, event_id, headers, payload, place)
  ), added AS (
    INSERT INTO ratings (id, product_id, reviewer, stars, idempotency_key, fingerprint, created_at)
    SELECT id, product_id, reviewer, stars, key, fingerprint, created_at FROM given ORDER BY key, place
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING id
  ), fresh AS (
    SELECT given.* FROM given JOIN added USING (id)
  ), totals AS (
    INSERT INTO rating_totals AS kept (product_id, count, stars_1, stars_2, stars_3, stars_4, stars_5)
    SELECT product_id, count(*), count(*) FILTER (WHERE stars = 1), count(*) FILTER (WHERE stars = 2),
      count(*) FILTER (WHERE stars = 3), count(*) FILTER (WHERE stars = 4), count(*) FILTER (WHERE stars = 5)
    FROM fresh GROUP BY product_id ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE SET
      count = kept.count + excluded.count,
      stars_1 = kept.stars_1 + excluded.stars_1,
      stars_2 = kept.stars_2 + excluded.stars_2,
      stars_3 = kept.stars_3 + excluded.stars_3,
      stars_4 = kept.stars_4 + excluded.stars_4,
      stars_5 = kept.stars_5 + excluded.stars_5
    RETURNING product_id, count, stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5 AS stars
  ), counted AS (
    SELECT fresh.*, totals.count - count(*) OVER later AS count_then, totals.stars - coalesce(sum(fresh.stars) OVER later, 0) AS stars_then
    FROM fresh JOIN totals USING (product_id)
    WINDOW later AS (PARTITION BY product_id ORDER BY place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
    ORDER BY place OFFSET 0
  )
  SELECT id, outbox_add(event_id, $11, product_id, headers, (payload::jsonb || jsonb_build_object(
    'average', stars_then::float8 / count_then, 'count', count_then, 'version', count_then
  ))::text)
  FROM counted`

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
