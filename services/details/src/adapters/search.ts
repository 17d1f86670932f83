import type { Sort } from '../domain/catalogue.ts'
import { bookColumns } from './rows.ts'

/** A statement over the catalogue, with the name it is prepared under. */
export type Statement = { name: string; text: string }

const orders: Record<Sort, string> = {
  title: 'title_order, id',
  rating: 'coalesce(average, 0) DESC, coalesce(count, 0) DESC, title_order, id',
  newest: 'created_at DESC, id',
}

const withRatings = 'LEFT JOIN book_ratings ON product_id = id'

/**
 * A page of the books that fit every pattern: $1 patterns, $2 limit, $3 offset. The page is found on the few columns that an index or a
 * small sort holds; whole books are read for what is on it.
 */
export const pageStatement = (sort: Sort, { isSearch }: { isSearch: boolean }): Statement => ({
  name: `details.page.${sort}${isSearch ? '.search' : ''}`,
  text: `
  SELECT ${bookColumns} FROM details ${withRatings}
  WHERE id IN (
    SELECT id FROM details ${sort === 'rating' ? withRatings : ''}
    WHERE ${condition(isSearch)} ORDER BY ${orders[sort]} LIMIT $2 OFFSET $3
  )
  ORDER BY ${orders[sort]}`,
})

/** The number of books that fit every pattern: $1 patterns. */
export const countStatement = ({ isSearch }: { isSearch: boolean }): Statement => ({
  name: `details.count${isSearch ? '.search' : ''}`,
  text: `SELECT count(*)::int AS count FROM details WHERE ${condition(isSearch)}`,
})

// Without a search nothing but the order's index needs to be read; the patterns are an empty list then.
const condition = (isSearch: boolean): string =>
  isSearch ? 'search_text LIKE ALL ($1::text[])' : 'cardinality($1::text[]) = 0'

/** One pattern for each word, that means the word itself wherever it stands. */
export const likePatterns = (words: readonly string[]): string[] =>
  words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
