import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalKey, type WriteKey } from '@bookinfo/idempotency'
import type { Book, RatedBook } from '../domain/book.ts'
import { compareBooks, type Sort, wordsOf } from '../domain/catalogue.ts'
import type { BookStore } from '../ports.ts'

export type Opened = { books: BookStore; published: () => Promise<OutgoingEvent[]> }

const start = Date.UTC(2026, 0, 1)
let sequence = 0

const book = (fields: Partial<Book> = {}): Book => {
  sequence += 1
  return {
    id: `d${sequence}`,
    title: `Title ${sequence}`,
    author: 'Homer',
    year: -800,
    type: 'hardcover',
    pages: 560,
    publisher: 'Oxford University Press',
    language: 'English',
    isbn10: '',
    isbn13: '',
    isbn: undefined,
    createdAt: new Date(start + sequence),
    ...fields,
  }
}

const unrated = (one: Book): RatedBook => ({ ...one, average: 0, ratingCount: 0 })

const keyOf = ({ title, author, year = 0 }: Book, key: string): WriteKey => ({
  key,
  kind: 'explicit',
  fingerprint: naturalKey([title, author, year]),
})

const natural = (given: Book): WriteKey => {
  const { fingerprint } = keyOf(given, '')
  return { key: fingerprint, kind: 'natural', fingerprint }
}

const addAll = async (books: BookStore, given: readonly Book[]): Promise<void> => {
  for (const one of given) await books.addOnce(keyOf(one, one.id), one)
}

const pageOf = async (books: BookStore, query: { search?: string; sort?: Sort; offset?: number; limit?: number }) => {
  const { search = '', sort = 'title', offset = 0, limit = 100 } = query
  const { books: found, total } = await books.page({ words: wordsOf(search), sort, offset, limit })
  return { titles: found.map(({ title }) => title), total }
}

/** What every book store guarantees. */
export const describeBookStore = (name: string, open: () => Promise<Opened>): void => {
  describe(name, () => {
    test('a book is stored and announced once, under its id', async () => {
      const { books, published } = await open()
      const given = book({ year: undefined, pages: undefined })
      const stored = await books.addOnce(keyOf(given, 'a'), given)
      assert.deepEqual(stored, { outcome: 'created', value: unrated(given) })
      assert.deepEqual(await books.find(given.id), unrated(given))
      const [event, ...others] = await published()
      assert.deepEqual(others, [])
      const { id } = given
      assert.deepEqual([event?.topic, event?.key, event?.headers.ce_subject], ['bookinfo_details_events', id, id])
      const { title, author, type, publisher, language } = given
      const data = { id, title, author, type, publisher, language, isbn_10: '', isbn_13: '', idempotency_key: 'a' }
      assert.deepEqual(JSON.parse(String(event?.payload)), data)
    })

    test('a book that is not stored is not found', async () => {
      const { books } = await open()
      assert.equal(await books.find('unknown'), undefined)
    })

    test('a repeated key answers with the stored book, and announces nothing', async () => {
      const { books, published } = await open()
      const first = book()
      await books.addOnce(keyOf(first, 'a'), first)
      const repeated = await books.addOnce(keyOf(first, 'a'), { ...first, id: 'other' })
      assert.deepEqual(repeated, { outcome: 'repeated', value: unrated(first) })
      assert.equal((await published()).length, 1)
    })

    test('a used key with other content is a conflict and stores nothing', async () => {
      const { books } = await open()
      const [first, other] = [book(), book({ isbn: '2' })]
      await books.addOnce(keyOf(first, 'a'), first)
      await assert.rejects(books.addOnce(keyOf(other, 'a'), other), { code: 'conflict' })
      assert.equal((await pageOf(books, {})).total, 1)
    })

    test('an ISBN that is stored is the stored book, whatever the key and the content, and announces nothing', async () => {
      const { books, published } = await open()
      const first = book({ isbn: '9780199536788', isbn13: '9780199536788' })
      const other = book()
      await books.addOnce(keyOf(first, 'a'), first)
      await books.addOnce(keyOf(other, 'b'), other)
      const again = { ...book({ isbn: '9780199536788', title: 'Odyssey' }), id: first.id }
      for (const key of ['a', 'b', 'c']) {
        const stored = await books.addOnce(keyOf(again, key), again)
        assert.deepEqual(stored, { outcome: 'repeated', value: unrated(first) })
      }
      assert.equal((await published()).length, 2)
    })

    test('fifty additions of one ISBN at once make one book', async () => {
      const { books, published } = await open()
      const calls = Array.from({ length: 50 }, (_, n) => {
        const given = book({ isbn: '9780199536788', id: 'b9780199536788' })
        return books.addOnce(keyOf(given, `key ${n}`), given)
      })
      const stored = await Promise.all(calls)
      assert.equal(stored.filter(({ outcome }) => outcome === 'created').length, 1)
      assert.equal(new Set(stored.map(({ value }) => value.title)).size, 1)
      assert.equal((await published()).length, 1)
    })

    test('without a key or ISBN, equal content is one book within five seconds and two after that', async () => {
      const { books } = await open()
      const first = book()
      const again = (afterMs: number) =>
        book({ title: first.title, createdAt: new Date(first.createdAt.getTime() + afterMs) })
      const [soon, later] = [again(4_999), again(5_000)]
      assert.equal((await books.addOnce(natural(first), first)).outcome, 'created')
      assert.equal((await books.addOnce(natural(soon), soon)).outcome, 'repeated')
      assert.equal((await books.addOnce(natural(later), later)).outcome, 'created')
    })

    test('the rating with the highest version stays, in whatever order they come', async () => {
      const { books } = await open()
      const given = book()
      await books.addOnce(keyOf(given, 'a'), given)
      const rate = (version: number) =>
        books.recordRating({ productId: given.id, average: version / 2, count: version, version })
      assert.deepEqual([await rate(2), await rate(4), await rate(3), await rate(4)], [true, true, false, false])
      assert.deepEqual(await books.find(given.id), { ...given, average: 2, ratingCount: 4 })
      await Promise.all(Array.from({ length: 50 }, (_, n) => rate(((n * 7) % 50) + 5)))
      assert.equal((await books.find(given.id))?.ratingCount, 54)
    })

    test('a rating may come before its book', async () => {
      const { books } = await open()
      const given = book()
      assert.equal(await books.recordRating({ productId: given.id, average: 4.5, count: 2, version: 2 }), true)
      assert.equal(await books.find(given.id), undefined)
      const stored = await books.addOnce(keyOf(given, 'a'), given)
      assert.deepEqual(stored.value, { ...given, average: 4.5, ratingCount: 2 })
    })

    test('the catalogue is ordered by title without regard to case and accents, then by id', async () => {
      const { books } = await open()
      const titles = ['zebra', 'Émile', 'apple', 'Zen', 'Ebb', '\u{1F600}', '\uFFEE', 'apple']
      const given = titles.map((title) => book({ title }))
      await addAll(books, given)
      const { books: found, total } = await books.page({ words: [], sort: 'title', offset: 0, limit: 100 })
      assert.deepEqual(found, given.map(unrated).sort(compareBooks('title')))
      assert.equal(total, 8)
    })

    test('the catalogue is ordered by rating, unrated books last', async () => {
      const { books } = await open()
      const given = ['c', 'b', 'a', 'd'].map((title) => book({ title }))
      await addAll(books, given)
      const [c, b, , d] = given as [Book, Book, Book, Book]
      await books.recordRating({ productId: b.id, average: 4.5, count: 2, version: 2 })
      await books.recordRating({ productId: c.id, average: 4.5, count: 3, version: 3 })
      await books.recordRating({ productId: d.id, average: 4.6, count: 1, version: 1 })
      assert.deepEqual((await pageOf(books, { sort: 'rating' })).titles, ['d', 'c', 'b', 'a'])
    })

    test('the catalogue is ordered by when books were added, newest first', async () => {
      const { books } = await open()
      await addAll(
        books,
        ['first', 'second', 'third'].map((title) => book({ title })),
      )
      assert.deepEqual((await pageOf(books, { sort: 'newest' })).titles, ['third', 'second', 'first'])
    })

    test('a page is a part of the order, with the number of all books', async () => {
      const { books } = await open()
      await addAll(
        books,
        ['a', 'b', 'c', 'd', 'e'].map((title) => book({ title })),
      )
      assert.deepEqual(await pageOf(books, { offset: 2, limit: 2 }), { titles: ['c', 'd'], total: 5 })
      assert.deepEqual(await pageOf(books, { offset: 10_000_000, limit: 2 }), { titles: [], total: 5 })
    })

    test('a search finds books that hold every word in title or author, and takes signs for themselves', async () => {
      const { books } = await open()
      await addAll(books, [
        book({ title: 'Les Misérables', author: 'Victor Hugo' }),
        book({ title: 'Hernani', author: 'Victor Hugo' }),
        book({ title: '100% Wool', author: 'A_B \\ C' }),
      ])
      const titlesFor = async (search: string) => (await pageOf(books, { search })).titles
      assert.deepEqual(await titlesFor('HUGO miserables'), ['Les Misérables'])
      assert.deepEqual(await pageOf(books, { search: 'ugo', limit: 1 }), { titles: ['Hernani'], total: 2 })
      for (const sign of ['%', '_', '\\', '100%', 'a_b']) assert.deepEqual(await titlesFor(sign), ['100% Wool'])
      assert.deepEqual(await titlesFor('a%b'), [])
    })

    test('the longest texts of the widest characters can be stored and found', async () => {
      const { books } = await open()
      const given = book({ title: '\u{1F600}\u{10FFFF}'.repeat(500), author: '\uFDFA'.repeat(1_000) })
      assert.equal((await books.addOnce(keyOf(given, 'a'), given)).outcome, 'created')
      assert.deepEqual(await books.find(given.id), unrated(given))
    })
  })
}
