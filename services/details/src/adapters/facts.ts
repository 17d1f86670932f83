import type { BookAdded } from '../contract.ts'
import type { Book } from '../domain/book.ts'

/** A book in the contract's words; a year or number of pages that is not known is left out. */
export const toFacts = (book: Book): Omit<BookAdded, 'idempotency_key'> => ({
  id: book.id,
  title: book.title,
  author: book.author,
  ...(book.year === undefined ? {} : { year: book.year }),
  type: book.type,
  ...(book.pages === undefined ? {} : { pages: book.pages }),
  publisher: book.publisher,
  language: book.language,
  isbn_10: book.isbn10,
  isbn_13: book.isbn13,
})
