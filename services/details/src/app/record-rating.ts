import type { BookRating } from '../domain/book.ts'
import type { BookStore } from '../ports.ts'
import type { DetailsTelemetry } from '../telemetry.ts'

type Needs = { books: Pick<BookStore, 'recordRating'>; telemetry: DetailsTelemetry }

/** Keeps a book's newest rating, in whatever order ratings arrive. */
export const recordRating =
  ({ books, telemetry }: Needs) =>
  async (rating: BookRating): Promise<void> => {
    telemetry.ratingRecorded(rating, await books.recordRating(rating))
  }
