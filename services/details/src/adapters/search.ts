import type { Sort } from '../domain/catalogue.ts'
import { bookColumns } from './rows.ts'

const orders: Record<Sort, string> = {
  title: 'title_order, id',
  rating: 'coalesce(average, 0) DESC, coalesce(count, 0) DESC, title_order, id',
  newest: 'created_at DESC, id',
}

/** A page of the books that fit every pattern: $1 patterns, $2 limit, $3 offset. */
export const pageSql = (sort: Sort): string => `
  SELECT ${bookColumns} FROM details LEFT JOIN book_ratings ON product_id = id
  WHERE search_text LIKE ALL ($1::text[]) ORDER BY ${orders[sort]} LIMIT $2 OFFSET $3`

/** The number of books that fit every pattern. */
export const countSql = 'SELECT count(*)::int AS count FROM details WHERE search_text LIKE ALL ($1::text[])'

/** One pattern for each word, that means the word itself wherever it stands. */
export const likePatterns = (words: readonly string[]): string[] =>
  words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
