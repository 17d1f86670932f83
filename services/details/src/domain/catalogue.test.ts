import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RatedBook } from './book.ts'
import { compareBooks, type Sort, searchText, titleOrderKey, wordsOf } from './catalogue.ts'

const book = (fields: Partial<RatedBook>): RatedBook => ({
  id: 'b1',
  title: 'A',
  author: 'B',
  year: undefined,
  type: '',
  pages: undefined,
  publisher: '',
  language: '',
  isbn10: '',
  isbn13: '',
  isbn: undefined,
  createdAt: new Date(0),
  average: 0,
  ratingCount: 0,
  ...fields,
})

const ordered = (books: RatedBook[], sort: Sort) => [...books].sort(compareBooks(sort)).map(({ id }) => id)

describe('titles', () => {
  test('are ordered without regard to case and accents', () => {
    const titles = ['zebra', 'Émile', 'apple', 'Zen', 'Ebb', 'Ångström']
    const books = titles.map((title) => book({ id: title, title }))
    assert.deepEqual(ordered(books, 'title'), ['Ångström', 'apple', 'Ebb', 'Émile', 'zebra', 'Zen'])
  })

  test('that are equal are ordered by id', () => {
    assert.deepEqual(ordered([book({ id: 'b' }), book({ id: 'a' })], 'title'), ['a', 'b'])
  })

  test('are ordered by code point also beyond the first plane', () => {
    const [astral, last] = [book({ id: 'astral', title: '\u{1F600}' }), book({ id: 'last', title: '\uFFEE' })]
    assert.deepEqual(ordered([astral, last], 'title'), ['last', 'astral'])
  })

  test('of any length have an order key that an index can hold, of whole characters', () => {
    const key = titleOrderKey('\u{1F600}'.repeat(1_000))
    assert.ok(Buffer.byteLength(key) <= 800)
    assert.ok(key.isWellFormed())
  })
})

test('books with the higher average come first, then those with more ratings, then by title', () => {
  const books = [
    book({ id: 'unrated' }),
    book({ id: 'few', average: 4.5, ratingCount: 2 }),
    book({ id: 'many', average: 4.5, ratingCount: 9 }),
    book({ id: 'best', average: 5, ratingCount: 1 }),
    book({ id: 'also unrated', title: '0' }),
  ]
  assert.deepEqual(ordered(books, 'rating'), ['best', 'many', 'few', 'also unrated', 'unrated'])
})

test('a search finds words without regard to case and accents', () => {
  const text = searchText({ title: 'Les Misérables', author: 'Victor Hugo' })
  assert.ok(wordsOf('  HUGO miserables ').every((word) => text.includes(word)))
  assert.deepEqual(wordsOf(' \t '), [])
})
