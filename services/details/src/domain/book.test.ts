import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertRepeat, type Book, createBook } from './book.ts'

const odyssey: Book = {
  id: 'd0002',
  title: 'The Odyssey',
  author: 'Homer',
  year: -800,
  type: 'hardcover',
  pages: 560,
  publisher: '',
  language: '',
  isbn10: '',
  isbn13: '',
  isbn: undefined,
  createdAt: new Date(0),
}

test('a book may be older than the common era, and its year and pages unknown', () => {
  assert.deepEqual(createBook(odyssey), odyssey)
  assert.ok(createBook({ ...odyssey, year: undefined, pages: undefined }))
})

test('there is no year 0 and no book without pages', () => {
  assert.throws(() => createBook({ ...odyssey, year: 0 }), { code: 'invalid', message: /year must not be zero/ })
  assert.throws(() => createBook({ ...odyssey, pages: 0 }), {
    code: 'invalid',
    message: 'pages must be positive, got 0',
  })
})

test('equal content or an equal ISBN is the same book, and other content under one key a conflict', () => {
  const stored = { isbn: '9780199536788', fingerprint: 'f' }
  assertRepeat(stored, { isbn: undefined, key: 'k', fingerprint: 'f' })
  assertRepeat(stored, { isbn: '9780199536788', key: 'k', fingerprint: 'other' })
  assert.throws(() => assertRepeat(stored, { isbn: '9780132350884', key: 'k', fingerprint: 'other' }), {
    code: 'conflict',
  })
  assert.throws(() => assertRepeat({ ...stored, isbn: undefined }, { isbn: undefined, key: 'k', fingerprint: 'other' }))
})
