import type { RatedBook } from '../domain/book.ts'

export type BookRow = {
  id: string
  title: string
  author: string
  year: number | null
  type: string
  pages: number | null
  publisher: string
  language: string
  isbn10: string
  isbn13: string
  isbn: string | null
  created_at: Date
  average: number | null
  rating_count: number | null
}

/** The columns of a book joined with its rating. */
export const bookColumns = `id, title, author, year, type, pages, publisher, language, isbn10, isbn13, isbn, created_at,
    average, count AS rating_count`

/** A row as the book it stores. */
export const toBook = ({ created_at: createdAt, rating_count: count, ...row }: BookRow): RatedBook => ({
  id: row.id,
  title: row.title,
  author: row.author,
  year: row.year ?? undefined,
  type: row.type,
  pages: row.pages ?? undefined,
  publisher: row.publisher,
  language: row.language,
  isbn10: row.isbn10,
  isbn13: row.isbn13,
  isbn: row.isbn ?? undefined,
  createdAt,
  average: row.average ?? 0,
  ratingCount: count ?? 0,
})
