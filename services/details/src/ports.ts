import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Book, BookRating, RatedBook } from './domain/book.ts'
import type { Sort } from './domain/catalogue.ts'

export type CatalogueQuery = { words: readonly string[]; sort: Sort; offset: number; limit: number }
export type CataloguePage = { books: RatedBook[]; total: number }

export type BookStore = {
  /**
   * Stores the book and the event `book-added`, both or none. A book with this ISBN that is stored already is the answer, whatever else
   * differs. A key that was used before for the same content answers with the book stored then; used for other content it rejects with
   * `conflict`. Answers with an earlier book change nothing.
   */
  addOnce(key: WriteKey, book: Book): Promise<Stored<RatedBook>>
  /** The book with this id, undefined when there is none. */
  find(id: string): Promise<RatedBook | undefined>
  /** One page of the books that hold all the words, with their number over all pages. */
  page(query: CatalogueQuery): Promise<CataloguePage>
  /** Keeps the rating when it is newer than the kept one, also for a book that is not stored yet; resolves with whether it was. */
  recordRating(rating: BookRating): Promise<boolean>
}
