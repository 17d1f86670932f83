import {
  defineEvent,
  defineRoute,
  defineService,
  Id,
  IdempotencyKeyField,
  OptionalText,
  pageQuery,
  Text,
} from '@bookinfo/contract'
import Type, { type Static } from 'typebox'

const isbnMaxCharacters = 32

/** Books before the common era have negative years; there was no year 0. */
const year = Type.Integer({
  title: 'year',
  oneOf: [
    { minimum: -9_999, maximum: -1 },
    { minimum: 1, maximum: 9_999 },
  ],
})
const pages = Type.Integer({ title: 'pages', exclusiveMinimum: 0, maximum: 1_000_000 })

const facts = {
  title: Text('title', 1_000),
  author: Text('author', 1_000),
  /** Absent when it is not known. */
  year: Type.Optional(year),
  /** Absent when it is not known. */
  pages: Type.Optional(pages),
}

export const NewDetail = Type.Object({
  ...facts,
  type: Type.Optional(OptionalText('type', 200)),
  publisher: Type.Optional(OptionalText('publisher', 500)),
  language: Type.Optional(OptionalText('language', 100)),
  isbn_10: Type.Optional(OptionalText('isbn_10', 64)),
  isbn_13: Type.Optional(OptionalText('isbn_13', 64)),
  idempotency_key: IdempotencyKeyField,
})
export type NewDetail = Static<typeof NewDetail>

const book = {
  id: Type.String(),
  title: Type.String(),
  author: Type.String(),
  year: Type.Optional(Type.Integer()),
  type: Type.String(),
  pages: Type.Optional(Type.Integer()),
  publisher: Type.String(),
  language: Type.String(),
  isbn_10: Type.String(),
  isbn_13: Type.String(),
}

/** A book. Texts that are not known are empty; `average` is 0 while `rating_count` is. */
export const Detail = Type.Object({ ...book, average: Type.Number(), rating_count: Type.Integer() })
export type Detail = Static<typeof Detail>

export const BookAdded = Type.Object({ ...book, idempotency_key: Type.String() })
export type BookAdded = Static<typeof BookAdded>

export const bookAdded = defineEvent({
  type: 'com.bookinfo.details.book-added',
  topic: 'bookinfo_details_events',
  summary: 'A book was added to the catalogue',
  data: BookAdded,
  key: (added) => added.id,
})

/** A book's rating at one moment; of two, the one with the higher version is the newer. */
export const BookRating = Type.Object({
  product_id: Id('product ID'),
  average: Type.Number({ title: 'average', minimum: 0, maximum: 5 }),
  count: Type.Integer({ title: 'count', minimum: 0, maximum: 2_147_483_647 }),
  version: Type.Integer({ title: 'version', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
export type BookRating = Static<typeof BookRating>

export const Sort = Type.Union([Type.Literal('title'), Type.Literal('rating'), Type.Literal('newest')], {
  title: 'sort',
  default: 'title',
})
export type Sort = Static<typeof Sort>

/** Books on one page of the catalogue at most; also what a caller gets that asks for no page. */
export const pageSizeMax = 1_000

export const details = defineService({
  name: 'details',
  summary: 'The catalogue of books',
  routes: {
    add: defineRoute({
      method: 'POST',
      path: '/v1/details',
      summary: 'Add a book; one whose ISBN is known already is left as it is',
      body: NewDetail,
      reply: { 201: Detail, 200: Detail },
      failures: { 409: 'the idempotency key was used for another book' },
    }),
    list: defineRoute({
      method: 'GET',
      path: '/v1/details',
      summary:
        'A page of the catalogue; `X-Total-Count` tells how many books match, `Link` where the next and previous page are',
      query: Type.Object({
        q: Type.Optional(OptionalText('q', 200)),
        sort: Type.Optional(Sort),
        ...pageQuery(pageSizeMax, pageSizeMax),
      }),
      reply: { 200: Type.Array(Detail) },
    }),
    get: defineRoute({
      method: 'GET',
      path: '/v1/details/:id',
      summary: 'One book',
      params: Type.Object({ id: Id('id') }),
      reply: { 200: Detail },
      failures: { 404: 'detail not found' },
    }),
    recordRating: defineRoute({
      method: 'POST',
      path: '/v1/details/ratings',
      summary: "Record a book's average and count, also before the book is known; an older version changes nothing",
      body: BookRating,
      reply: { 204: null },
    }),
  },
  events: [bookAdded],
})

/** The id of the book with this ISBN, known before the book is stored; undefined when the text holds no ISBN. */
export const bookIdFromIsbn = (isbn: string): string | undefined => {
  const canonical = canonicalIsbn(isbn)
  return canonical === undefined ? undefined : `b${canonical}`
}

/** An ISBN without hyphens and spaces, `X` in upper case; empty when the text holds no digit. */
export const normaliseIsbn = (text: string): string => {
  const isbn = text.toUpperCase().replace(/[^0-9X]/g, '')
  return /\d/.test(isbn) ? isbn.slice(0, isbnMaxCharacters) : ''
}

/**
 * What identifies a book across both forms: a valid ISBN-10 becomes the ISBN-13 that it stands for. Catalogues hold wrong ones too; those
 * are taken as they are. Undefined when there is none.
 */
export const canonicalIsbn = (text: string): string | undefined => {
  const isbn = normaliseIsbn(text)
  if (isbn === '') return undefined
  return isValidIsbn10(isbn) ? toIsbn13(isbn) : isbn
}

const isValidIsbn10 = (isbn: string): boolean =>
  /^\d{9}[\dX]$/.test(isbn) &&
  [...isbn].reduce((sum, digit, index) => sum + (10 - index) * digitValue(digit), 0) % 11 === 0

const digitValue = (digit: string): number => (digit === 'X' ? 10 : Number(digit))

const toIsbn13 = (isbn10: string): string => {
  const body = `978${isbn10.slice(0, 9)}`
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}
