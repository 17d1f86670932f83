import type { Stored, WriteKey } from '@bookinfo/idempotency'
import { bookIdFromIsbn } from '../contract.ts'
import { type Book, createBook, type RatedBook } from '../domain/book.ts'
import type { BookStore } from '../ports.ts'
import type { DetailsTelemetry } from '../telemetry.ts'

type Needs = { books: BookStore; telemetry: DetailsTelemetry; now: () => Date; newId: () => string }
type Input = Omit<Book, 'id' | 'createdAt'>

/** Stores a book once, however often the call arrives and whoever else added it; its id follows from its ISBN when it has one. */
export const addBook =
  ({ books, telemetry, now, newId }: Needs) =>
  async (input: Input, key: WriteKey): Promise<Stored<RatedBook>> => {
    const id = bookIdFromIsbn(input.isbn ?? '') ?? newId()
    const stored = await books.addOnce(key, createBook({ ...input, id, createdAt: now() }))
    telemetry.added(stored, key)
    return stored
  }
