import type { FoundBook } from '../contract.ts'
import type { SourceBook } from '../ports.ts'

const digits = (isbn: string): string => isbn.toUpperCase().replace(/[^0-9X]/g, '')

/** A source's book as we publish it; undefined when it lacks what a book needs: a title, an author, an ISBN. */
export const toFoundBook = ({
  title,
  authors,
  isbn,
  year,
  pages,
  publisher,
  language,
}: SourceBook): FoundBook | undefined => {
  const number = digits(isbn ?? '')
  const names = authors.map((author) => author.trim()).filter((author) => author !== '')
  if (!title?.trim() || number === '' || names.length === 0) return undefined
  return {
    title: title.trim().slice(0, 1_000),
    author: names.join(', ').slice(0, 1_000),
    type: 'paperback',
    ...(year && Number.isInteger(year) && { year }),
    ...(pages && pages > 0 && { pages }),
    ...(publisher && { publisher: publisher.slice(0, 500) }),
    ...(language && { language: language.slice(0, 100) }),
    ...(number.length === 13 ? { isbn_13: number } : { isbn_10: number.slice(0, 32) }),
    idempotency_key: `ingestion-isbn-${number}`,
  }
}
