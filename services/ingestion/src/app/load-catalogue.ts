import type { CatalogueBook } from '../ports.ts'
import type { publishBooks } from './publish-books.ts'
import { sampleStars } from './sample-ratings.ts'

export type RatingSample = { isbn: string; reviewer: string; stars: number; idempotencyKey: string }

type Needs = {
  publish: ReturnType<typeof publishBooks>
  /** Sends one rating through the front door; rejects when it was not accepted. */
  rate(sample: RatingSample): Promise<void>
}

const batchBooks = 50
const ratingsInParallel = 8
const ratingsPerBook = 10

/** Publishes books of a catalogue, then about ten ratings each, drawn from each book's real stars. Loading it again adds nothing. */
export const loadCatalogue =
  ({ publish, rate }: Needs) =>
  async (
    books: readonly CatalogueBook[],
    {
      onProgress,
      signal,
    }: { onProgress?: (done: { books: number; ratings: number }) => void; signal?: AbortSignal } = {},
  ): Promise<{ books: number; ratings: number; skipped: number }> => {
    const done = { books: 0, ratings: 0, skipped: 0 }
    for (let from = 0; from < books.length && !signal?.aborted; from += batchBooks) {
      const batch = books.slice(from, from + batchBooks)
      const { published, skipped } = await publish(batch)
      done.books += published
      done.skipped += skipped
      onProgress?.(done)
      const samples = batch.flatMap((book) => sampleStars(book, ratingsPerBook))
      let next = 0
      const worker = async () => {
        while (next < samples.length && !signal?.aborted) {
          await rate(samples[next++] as RatingSample)
          done.ratings += 1
        }
      }
      await Promise.all(Array.from({ length: ratingsInParallel }, worker))
      onProgress?.(done)
    }
    return done
  }
