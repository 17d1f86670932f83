import type { Book, RatedBook } from './book.ts'

export type Sort = 'title' | 'rating' | 'newest'

const orderKeyMaxCharacters = 200

/**
 * What titles are ordered by: without accents and in lower case, compared by code point. Every storage orders by this text and none by
 * rules of its own, so all of them agree. Its length is bounded, because an index holds it.
 */
export const titleOrderKey = (title: string): string => [...fold(title).trim()].slice(0, orderKeyMaxCharacters).join('')

/** What a search looks through: title and author, without accents and in lower case. */
export const searchText = ({ title, author }: Pick<Book, 'title' | 'author'>): string => fold(`${title}\n${author}`)

/** The words of a query; a book is found when it holds all of them, in any place. */
export const wordsOf = (text: string): string[] => [...new Set(fold(text).split(/\s+/))].filter((word) => word !== '')

/** How two books stand on the catalogue's pages; never 0 for two different ones. */
export const compareBooks = (sort: Sort): ((a: RatedBook, b: RatedBook) => number) => {
  switch (sort) {
    case 'title':
      return byTitle
    case 'rating':
      return (a, b) => b.average - a.average || b.ratingCount - a.ratingCount || byTitle(a, b)
    case 'newest':
      return (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || byCodePoint(a.id, b.id)
    default:
      return sort satisfies never
  }
}

const byTitle = (a: Book, b: Book): number =>
  byCodePoint(titleOrderKey(a.title), titleOrderKey(b.title)) || byCodePoint(a.id, b.id)

// The bytes of UTF-8 are in the order of code points; JavaScript's own comparison of strings is not.
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
