import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { validator } from '@bookinfo/contract'
import { bookIdFromIsbn, NewDetail } from './contract.ts'

describe('the id of a book with an ISBN', () => {
  test('is the same for both forms, with or without hyphens', () => {
    const forms = ['0132350882', '0-13-235088-2', '9780132350884', '978 0 13 235088 4']
    assert.deepEqual([...new Set(forms.map(bookIdFromIsbn))], ['b9780132350884'])
    assert.equal(bookIdFromIsbn('080442957x'), 'b9780804429573')
  })

  test('takes a wrong ISBN as it is', () => {
    assert.equal(bookIdFromIsbn('0132350881'), 'b0132350881')
    assert.equal(bookIdFromIsbn('12345'), 'b12345')
  })

  test('does not exist without an ISBN', () => {
    assert.equal(bookIdFromIsbn(''), undefined)
    assert.equal(bookIdFromIsbn('n/a'), undefined)
    assert.equal(bookIdFromIsbn('XXX'), undefined)
  })
})

describe('a new book', () => {
  const { check, problems } = validator(NewDetail)
  const book = { title: 'The Odyssey', author: 'Homer' }

  test('needs a title and an author only', () => {
    assert.ok(check(book))
    assert.deepEqual(problems({}), ['title is required', 'author is required'])
  })

  test('may be from before the common era, but not from year 0', () => {
    assert.ok(check({ ...book, year: -800 }))
    assert.match(problems({ ...book, year: 0 }).join(), /year must be >= 1, got 0/)
  })

  test('has a positive number of pages when it is known', () => {
    assert.ok(check({ ...book, pages: 1 }))
    assert.match(problems({ ...book, pages: 0 }).join(), /pages must be .*, got 0/)
  })
})
