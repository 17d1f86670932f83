import { createBatcher, type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import { assertRepeat, type Book, type BookRating, unrated } from '../domain/book.ts'
import { searchText, titleOrderKey } from '../domain/catalogue.ts'
import type { BookStore } from '../ports.ts'
import { addedEvent } from './event.ts'
import { type BookRow, bookColumns, toBook } from './rows.ts'
import { countStatement, likePatterns, pageStatement } from './search.ts'

type Needs = { pool: Pool; outbox: { wake(): void }; newEventId: () => string }

/** The catalogue in PostgreSQL: each write is one statement, so that a book and its event are stored together or not at all. */
export const createPostgresBooks = ({ pool, outbox, newEventId }: Needs): BookStore => ({
  addOnce: async (key, book) => {
    if (key.kind === 'natural') await retireNaturalKey(pool, key, book.createdAt)
    const event = addedEvent(book, { id: newEventId(), key: key.key })
    const outgoing = [event.id, event.topic, event.key, event.headers, event.payload.toString()]
    const added = await query<RatingRow>(pool, 'details.add', addSql, [...outgoing, ...toColumns(book, key)])
    if (added.rows[0] === undefined) return { outcome: 'repeated', value: await readEarlier(pool, key, book) }
    outbox.wake()
    const { average, rating_count: ratingCount } = added.rows[0]
    return { outcome: 'created', value: { ...book, ...(average === null ? unrated : { average, ratingCount }) } }
  },
  find: async (id) => {
    const { rows } = await query<BookRow>(pool, 'details.find', findSql, [id])
    return rows[0] && toBook(rows[0])
  },
  page: async ({ words, sort, offset, limit }) => {
    const patterns = likePatterns(words)
    const isSearch = words.length > 0
    const [pages, counts] = [pageStatement(sort, { isSearch }), countStatement({ isSearch })]
    const [page, total] = await Promise.all([
      query<BookRow>(pool, pages.name, pages.text, [patterns, limit, offset]),
      query<{ count: number }>(pool, counts.name, counts.text, [patterns]),
    ])
    return { books: page.rows.map(toBook), total: total.rows[0]?.count ?? 0 }
  },
  recordRating: createBatcher<BookRating, boolean>({ store: (ratings) => recordRatings(pool, ratings) }).add,
})

type RatingRow = { average: number; rating_count: number } | { average: null; rating_count: null }

const addSql = `
  WITH added AS (
    INSERT INTO details (id, title, author, year, type, pages, publisher, language, isbn10, isbn13, isbn,
      title_order, search_text, idempotency_key, fingerprint, created_at)
    VALUES ($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    ON CONFLICT DO NOTHING
    RETURNING id
  )
  SELECT outbox_add($1, $2, $3, $4, $5), average, count AS rating_count
  FROM added LEFT JOIN book_ratings ON product_id = added.id`

const findSql = `SELECT ${bookColumns} FROM details LEFT JOIN book_ratings ON product_id = id WHERE id = $1`

/** Ratings that come together share a commit; of one book's only the newest is written. */
const recordRatings = async (pool: Pool, ratings: readonly BookRating[]): Promise<boolean[]> => {
  const column = <T>(pick: (rating: BookRating) => T) => ratings.map(pick)
  const { rows } = await query<{ place: string }>(pool, 'details.rate', recordSql, [
    column(({ productId }) => productId),
    column(({ average }) => average),
    column(({ count }) => count),
    column(({ version }) => version),
  ])
  const recorded = new Set(rows.map(({ place }) => Number(place) - 1))
  return ratings.map((_, index) => recorded.has(index))
}

const recordSql = `
  WITH newest AS (
    SELECT DISTINCT ON (product_id) * FROM unnest($1::text[], $2::float8[], $3::int[], $4::bigint[]) WITH ORDINALITY
      AS g (product_id, average, count, version, place) ORDER BY product_id, version DESC, place
  ), recorded AS (
    INSERT INTO book_ratings AS kept (product_id, average, count, version)
    SELECT product_id, average, count, version FROM newest ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE SET
      average = excluded.average, count = excluded.count, version = excluded.version
    WHERE excluded.version > kept.version
    RETURNING product_id
  )
  SELECT place FROM newest JOIN recorded USING (product_id)`

const toColumns = (book: Book, { key, fingerprint }: WriteKey): unknown[] => {
  const { id, title, author, year, type, pages, publisher, language, isbn10, isbn13, isbn, createdAt } = book
  const texts = [publisher, language, isbn10, isbn13, isbn]
  return [
    id,
    title,
    author,
    year,
    type,
    pages,
    ...texts,
    titleOrderKey(title),
    searchText(book),
    key,
    fingerprint,
    createdAt,
  ]
}

/** A natural key means a retransmission for a few seconds only; after that its row lets go of it. */
const retireNaturalKey = async (pool: Pool, { key }: WriteKey, now: Date): Promise<void> => {
  const sql = 'UPDATE details SET idempotency_key = NULL WHERE idempotency_key = $1 AND created_at <= $2'
  await query(pool, 'details.retire', sql, [key, new Date(now.getTime() - naturalWindowMs)])
}

const earlierSql = `
  SELECT ${bookColumns}, fingerprint FROM details LEFT JOIN book_ratings ON product_id = id
  WHERE isbn = $1 OR idempotency_key = $2 ORDER BY isbn = $1 DESC NULLS LAST LIMIT 1`

const readEarlier = async (pool: Pool, key: WriteKey, { isbn }: Book) => {
  const values = [isbn, key.key]
  const row = (await query<BookRow & { fingerprint: string }>(pool, 'details.earlier', earlierSql, values)).rows[0]
  if (row === undefined) throw new AppError('unavailable', `adding a book: its key ${key.key} has just changed hands`)
  const stored = toBook(row)
  assertRepeat({ isbn: stored.isbn, fingerprint: row.fingerprint }, { isbn, ...key })
  return stored
}
