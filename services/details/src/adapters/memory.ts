import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import { assertRepeat, type Book, type BookRating, type RatedBook, unrated } from '../domain/book.ts'
import { compareBooks, searchText } from '../domain/catalogue.ts'
import type { BookStore } from '../ports.ts'
import { addedEvent } from './event.ts'

type Needs = { outbox: { add(event: OutgoingEvent): void }; newEventId: () => string }
type Row = { book: Book; fingerprint: string }

/** The catalogue in memory: for tests and for running without a database; it ends with the process. */
export const createMemoryBooks = ({ outbox, newEventId }: Needs): BookStore => {
  const byId = new Map<string, Row>()
  const byIsbn = new Map<string, Row>()
  const byKey = new Map<string, Row>()
  const ratings = new Map<string, BookRating>()

  const earlierThan = ({ key, kind }: WriteKey, { isbn, createdAt }: Book): Row | undefined => {
    const sameKey = byKey.get(key)
    const isStale =
      kind === 'natural' && sameKey && createdAt.getTime() - sameKey.book.createdAt.getTime() >= naturalWindowMs
    return byIsbn.get(isbn ?? '') ?? (isStale ? undefined : sameKey)
  }
  const rate = (book: Book): RatedBook => {
    const rating = ratings.get(book.id)
    return { ...book, ...(rating ? { average: rating.average, ratingCount: rating.count } : unrated) }
  }

  return {
    addOnce: async (key, book) => {
      const earlier = earlierThan(key, book)
      if (earlier !== undefined) {
        assertRepeat({ isbn: earlier.book.isbn, fingerprint: earlier.fingerprint }, { isbn: book.isbn, ...key })
        return { outcome: 'repeated', value: rate(earlier.book) }
      }
      const row = { book, fingerprint: key.fingerprint }
      byId.set(book.id, row)
      byKey.set(key.key, row)
      if (book.isbn !== undefined) byIsbn.set(book.isbn, row)
      outbox.add(addedEvent(book, { id: newEventId(), key: key.key }))
      return { outcome: 'created', value: rate(book) }
    },
    find: async (id) => {
      const row = byId.get(id)
      return row && rate(row.book)
    },
    page: async ({ words, sort, offset, limit }) => {
      const all = [...byId.values()].map(({ book }) => book)
      const found = all.filter((book) => words.every((word) => searchText(book).includes(word)))
      const books = found.map(rate).sort(compareBooks(sort))
      return { books: books.slice(offset, offset + limit), total: books.length }
    },
    recordRating: async (rating) => {
      const isNewer = rating.version > (ratings.get(rating.productId)?.version ?? 0)
      if (isNewer) ratings.set(rating.productId, rating)
      return isNewer
    },
  }
}
