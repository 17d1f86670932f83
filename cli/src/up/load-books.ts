import { join } from 'node:path'
import { bookIdFromIsbn } from '@bookinfo/details/contract'
import { loadCatalogue, publishBooks, type RatingSample, readCatalogue } from '@bookinfo/ingestion/service'
import { ratings } from '@bookinfo/ratings/contract'
import { createHttpClient } from '@bookinfo/server'
import type { System } from './system.ts'

const catalogue = join(import.meta.dirname, '..', '..', '..', 'data', 'books.csv')
const timeoutMs = 15_000

/** Loads the first books of the catalogue through the topic, and their ratings through the gateway. A second load adds nothing. */
export const loadBooks = async (
  { publisher, addresses }: Pick<System, 'publisher' | 'addresses'>,
  {
    books,
    signal,
    onProgress,
  }: { books: number; signal: AbortSignal; onProgress: (done: { books: number; ratings: number }) => void },
): Promise<{ books: number; ratings: number; skipped: number }> => {
  const gateway = createHttpClient({ name: 'the gateway', baseUrl: addresses.gateway, timeoutMs })
  const rate = async ({ isbn, reviewer, stars, idempotencyKey }: RatingSample): Promise<void> => {
    const reply = await gateway.call({
      method: 'POST',
      path: ratings.routes.submit.path,
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify({ product_id: bookIdFromIsbn(isbn), reviewer, stars }),
    })
    if (reply.status !== 200) throw new Error(`a rating was answered with ${reply.status}: ${reply.text}`)
  }
  const publish = publishBooks({ publisher, now: () => new Date() })
  try {
    return await loadCatalogue({ publish, rate })(await readCatalogue(catalogue, { limit: books }), {
      onProgress,
      signal,
    })
  } finally {
    await gateway.close()
  }
}
