import { AppError } from '@bookinfo/errors'

export type Book = {
  id: string
  title: string
  author: string
  year: number | undefined
  type: string
  pages: number | undefined
  publisher: string
  language: string
  isbn10: string
  isbn13: string
  /** What identifies the book, whichever form of ISBN it came with; undefined when it has none. */
  isbn: string | undefined
  createdAt: Date
}

/** A book's rating at one moment; the one with the higher version is the newer. */
export type BookRating = { productId: string; average: number; count: number; version: number }

export type RatedBook = Book & { average: number; ratingCount: number }

export const unrated = { average: 0, ratingCount: 0 }

/** A year is not zero and pages are positive, when they are known; anything else is `invalid`. */
export const createBook = (book: Book): Book => {
  if (book.year === 0) throw new AppError('invalid', 'year must not be zero: 1 BCE was followed by 1 CE')
  if (book.pages !== undefined && book.pages <= 0) {
    throw new AppError('invalid', `pages must be positive, got ${book.pages}`)
  }
  return book
}

/** Accepts a stored book as the one that an addition means: its ISBN or all its content is the same; else it is a `conflict`. */
export const assertRepeat = (
  stored: { isbn: string | undefined; fingerprint: string | undefined },
  added: { isbn: string | undefined; key: string; fingerprint: string },
): void => {
  const isSameIsbn = added.isbn !== undefined && added.isbn === stored.isbn
  if (isSameIsbn || added.fingerprint === stored.fingerprint) return
  throw new AppError('conflict', `idempotency key ${added.key} was used for another book`)
}
