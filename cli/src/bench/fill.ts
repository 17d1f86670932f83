import { join } from 'node:path'
import { createPool, startEmbedded } from '@bookinfo/database'
import { details } from '@bookinfo/details/contract'
import { readCatalogue } from '@bookinfo/ingestion/service'
import { Agent, request } from 'undici'
import type { Product } from '../product.ts'
import { catalogueFile } from './popularity.ts'

/** How many reviews the books of the page measurement have. */
export const reviewSizes = [10, 1_000, 100_000] as const

/** The book that has so many reviews. */
export const bookOf = async (product: Product, reviews: number): Promise<string> => {
  const reply = await fetch(
    `${product.addresses.services.details}${details.routes.list.path}?q=${titleOf(reviews).replaceAll(' ', '+')}`,
  )
  const [book] = (await reply.json()) as { id: string }[]
  if (book === undefined) throw new Error(`the book with ${reviews} reviews is not there`)
  return book.id
}

const titleOf = (reviews: number) => `The Book of ${reviews} Reviews`

const callers = 16

/** Puts real books, and the reviewed ones, into the catalogue, through the service's own route. */
export const fillCatalogue = async ({ addresses }: Product, { books }: { books: number }): Promise<void> => {
  const agent = new Agent({ connections: callers, pipelining: 1 })
  const reviewed = reviewSizes.map((reviews) => ({
    title: titleOf(reviews),
    author: 'A. Bench',
    year: 2001,
    type: 'paperback',
  }))
  const real = (await readCatalogue(catalogueFile, { limit: books })).map(({ title, authors, year, isbn }) => ({
    title: title || 'Untitled',
    author: authors.join(', ') || 'Unknown',
    ...(year && { year }),
    type: 'paperback',
    ...(isbn && { isbn_10: isbn }),
  }))
  const waiting = [...reviewed, ...real]
  const add = async () => {
    for (let book = waiting.pop(); book !== undefined; book = waiting.pop()) {
      const reply = await request(`${addresses.services.details}${details.routes.add.path}`, {
        method: 'POST',
        dispatcher: agent,
        body: JSON.stringify(book),
      })
      const text = await reply.body.text()
      if (reply.statusCode >= 300) throw new Error(`a book was answered with ${reply.statusCode}: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: callers }, add))
  await agent.close()
}

/** Writes reviews straight into the stopped product's database: through the pipeline, 100,000 of them would take minutes. */
export const fillReviews = async (dataDir: string, productIds: ReadonlyMap<number, string>): Promise<void> => {
  const database = await startEmbedded({ dataDir: join(dataDir, 'pg') })
  const pool = createPool({ url: database.url('bookinfo_reviews'), max: 1, applicationName: 'bench' })
  try {
    for (const [reviews, productId] of productIds) {
      await pool.query(reviewsSql, [productId, reviews])
      await pool.query('INSERT INTO review_totals (product_id, count) VALUES ($1, $2)', [productId, reviews])
    }
    await pool.query('ANALYZE reviews')
  } finally {
    await pool.end()
    await database.stop()
  }
}

const reviewsSql = `
  INSERT INTO reviews (id, product_id, reviewer, text, idempotency_key, fingerprint, created_at)
  SELECT $1 || '-' || n, $1, 'Reader ' || n % 997, repeat('A sentence about this book. ', 1 + n % 8), $1 || '/' || n, 'bench',
    now() - make_interval(secs => n) FROM generate_series(1, $2::int) AS n`
