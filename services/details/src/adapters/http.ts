import { resolveWriteKey } from '@bookinfo/idempotency'
import { type Handlers, pathOf } from '@bookinfo/server'
import type { addBook } from '../app/add-book.ts'
import type { getBook } from '../app/get-book.ts'
import type { listBooks } from '../app/list-books.ts'
import type { recordRating } from '../app/record-rating.ts'
import { canonicalIsbn, type Detail, details, type NewDetail, normaliseIsbn, type Sort } from '../contract.ts'
import type { Book, RatedBook } from '../domain/book.ts'
import { toFacts } from './facts.ts'

type Needs = {
  add: ReturnType<typeof addBook>
  get: ReturnType<typeof getBook>
  list: ReturnType<typeof listBooks>
  record: ReturnType<typeof recordRating>
}
type ListQuery = { q?: string; sort: Sort; page: number; page_size: number }

/** Translates between the contract's shapes and the use cases. */
export const createHandlers = ({ add, get, list, record }: Needs): Handlers<typeof details.routes> => ({
  add: async ({ body, headers }) => {
    const input = toInput(body)
    const key = resolveWriteKey({ bodyKey: body.idempotency_key, headers, fields: businessFields(input) })
    const { outcome, value } = await add(input, key)
    return { status: outcome === 'created' ? 201 : 200, body: toReply(value) }
  },
  get: async ({ params }) => ({ status: 200, body: toReply(await get(params.id)) }),
  list: async ({ query }) => {
    const asked = query as ListQuery
    const { books, total } = await list({
      search: asked.q ?? '',
      sort: asked.sort,
      page: asked.page,
      pageSize: asked.page_size,
    })
    return {
      status: 200,
      body: books.map(toReply),
      headers: { 'x-total-count': String(total), ...linkHeader(asked, total) },
    }
  },
  recordRating: async ({ body: { product_id: productId, average, count, version } }) => {
    await record({ productId, average, count, version })
    return { status: 204, body: null }
  },
})

const toInput = (body: NewDetail): Omit<Book, 'id' | 'createdAt'> => {
  const { title, author, year, pages, type = '', publisher = '', language = '', isbn_10 = '', isbn_13 = '' } = body
  const isbn = canonicalIsbn(isbn_13) ?? canonicalIsbn(isbn_10)
  const isbns = { isbn10: normaliseIsbn(isbn_10), isbn13: normaliseIsbn(isbn_13), isbn }
  return { title, author, year, type, pages, publisher, language, ...isbns }
}

/** What a natural key is made of; a number that is not known counts as 0. */
const businessFields = (book: Omit<Book, 'id' | 'createdAt'>): (string | number)[] => {
  const { title, author, year = 0, type, pages = 0, publisher, language, isbn10, isbn13 } = book
  return [title, author, year, type, pages, publisher, language, isbn10, isbn13]
}

const toReply = (book: RatedBook): Detail => ({
  ...toFacts(book),
  average: book.average,
  rating_count: book.ratingCount,
})

const linkHeader = (asked: ListQuery, total: number): Record<string, string> => {
  const links = [
    { rel: 'prev', page: asked.page - 1, exists: asked.page > 1 },
    { rel: 'next', page: asked.page + 1, exists: asked.page * asked.page_size < total },
  ].filter(({ exists }) => exists)
  if (links.length === 0) return {}
  const target = (page: number) => pathOf(details.routes.list.path, {}, { ...asked, page })
  return { link: links.map(({ rel, page }) => `<${target(page)}>; rel="${rel}"`).join(', ') }
}
