import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { type Env, readEnv } from '@bookinfo/config'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { testDatabase, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import type { Detail } from './contract.ts'
import { createDetails } from './service.ts'

const open: { close(): Promise<void> }[] = []
after(() => Promise.all(open.map((one) => one.close())))

const start = async (env: Env = {}) => {
  const published: OutgoingEvent[] = []
  const lines: string[] = []
  const ports = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', SERVICE_NAME: 'details' }
  const service = await createDetails(readConfig(readEnv({ ...ports, ...env })), {
    publisher: { publish: async (events) => void published.push(...events), close: async () => {} },
    logDestination: { write: (line) => void lines.push(line) },
  })
  open.push(service)
  const { api, admin } = await service.listen()
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body), headers })
  return {
    admin,
    published,
    lines,
    fetch: (path: string) => fetch(`${api}${path}`),
    add: (body: unknown, headers?: Record<string, string>) => post('/v1/details', body, headers),
    rate: (body: unknown) => post('/v1/details/ratings', body),
    read: async (path: string) => (await (await fetch(`${api}${path}`)).json()) as Detail,
  }
}

const odyssey = {
  title: 'The Odyssey',
  author: 'Homer',
  year: -800,
  type: 'hardcover',
  pages: 560,
  publisher: 'Oxford University Press',
  language: 'English',
  isbn_10: '0199536783',
  isbn_13: '978-0-19-953678-8',
}

const backends: Record<string, () => Promise<Env>> = {
  memory: async () => ({}),
  postgres: async () => ({ STORAGE_BACKEND: 'postgres', DATABASE_URL: (await testDatabase()).url }),
}

for (const [backend, env] of Object.entries(backends)) {
  describe(`with ${backend} storage`, () => {
    test('a book that was posted is readable, announced, counted and logged', async () => {
      const { add, read, published, admin, lines } = await start(await env())
      const created = await add(odyssey, { 'ce-id': 'e1/book-added' })
      assert.equal(created.status, 201)
      const book = (await created.json()) as Detail
      const expected = { id: 'b9780199536788', ...odyssey, isbn_13: '9780199536788', average: 0, rating_count: 0 }
      assert.deepEqual(book, expected)
      const repeated = await add(odyssey, { 'ce-id': 'e1/book-added' })
      assert.deepEqual([repeated.status, await repeated.json()], [200, book])
      assert.deepEqual(await read(`/v1/details/${book.id}`), book)
      assert.deepEqual(await read('/v1/details'), [book])
      await waitFor('the event', () => published.length === 1)
      assert.deepEqual([published[0]?.key, published[0]?.headers.ce_subject], [book.id, book.id])
      assert.match(await (await fetch(`${admin}/metrics`)).text(), /^books_added_total 1$/m)
      assert.ok(lines.some((line) => line.includes('"detail added"') && line.includes(book.id)))
    })

    test('a book whose ISBN is known in its other form is that book, and is not announced again', async () => {
      const { add, published } = await start(await env())
      const first = await (
        await add({ title: 'Clean Code', author: 'Robert C. Martin', isbn_10: '0-13-235088-2' })
      ).json()
      const other = { title: 'Clean code', author: 'R. Martin', isbn_13: '9780132350884', idempotency_key: 'k' }
      const again = await add(other)
      assert.deepEqual([again.status, await again.json()], [200, first])
      await waitFor('the event', () => published.length === 1)
    })

    test('a book without year and pages has neither, and other unknown texts are empty', async () => {
      const { add } = await start(await env())
      const book = (await (await add({ title: 'T', author: 'A' })).json()) as Detail
      const { id, ...rest } = book
      assert.match(id, /^[0-9a-f-]{36}$/)
      const texts = { type: '', publisher: '', language: '', isbn_10: '', isbn_13: '' }
      assert.deepEqual(rest, { title: 'T', author: 'A', ...texts, average: 0, rating_count: 0 })
    })

    test('a rating is recorded before its book, after it, and never over a newer one', async () => {
      const { add, rate, read } = await start(await env())
      const rating = { product_id: 'b9780199536788', average: 4.5, count: 2, version: 2 }
      const early = await rate(rating)
      assert.deepEqual([early.status, await early.text()], [204, ''])
      const book = (await (await add(odyssey)).json()) as Detail
      assert.deepEqual([book.average, book.rating_count], [4.5, 2])
      assert.equal((await rate({ ...rating, average: 4, count: 3, version: 3 })).status, 204)
      assert.equal((await rate({ ...rating, average: 5, count: 1, version: 1 })).status, 204)
      const { average, rating_count } = await read(`/v1/details/${book.id}`)
      assert.deepEqual([average, rating_count], [4, 3])
    })
  })
}

test('a book that is not there is a 404 with a reason, in every storage', async () => {
  for (const env of Object.values(backends)) {
    const { fetch } = await start(await env())
    const missing = await fetch('/v1/details/unknown')
    assert.deepEqual([missing.status, await missing.json()], [404, { error: 'detail not found' }])
  }
})

test('pages link to their neighbours and tell how many books match, and a caller that asks for none gets the list', async () => {
  const { add, fetch } = await start()
  for (const title of ['c & d', 'a', 'b', 'e', 'x']) await add({ title, author: 'Homer & Co' })
  const all = await fetch('/v1/details')
  assert.deepEqual([all.headers.get('x-total-count'), all.headers.get('link')], ['5', null])
  assert.deepEqual(
    ((await all.json()) as Detail[]).map(({ title }) => title),
    ['a', 'b', 'c & d', 'e', 'x'],
  )

  let next: string | undefined = '/v1/details?page_size=2&q=%26%20homer&sort=newest'
  const titles: string[][] = []
  while (next !== undefined) {
    const page = await fetch(next)
    assert.equal(page.headers.get('x-total-count'), '5')
    titles.push(((await page.json()) as Detail[]).map(({ title }) => title))
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
  }
  assert.deepEqual(
    titles.map(({ length }) => length),
    [2, 2, 1],
  )
  assert.equal(new Set(titles.flat()).size, 5)
  const second = await fetch('/v1/details?page_size=2&page=2')
  assert.match(second.headers.get('link') ?? '', /page=1&.*>; rel="prev", <.*page=3&.*>; rel="next"/)
})

test('wrong input is told what is wrong, and costs no key', async () => {
  const { add, rate, fetch } = await start()
  const wrong: [unknown, RegExp][] = [
    [{}, /title is required; author is required/],
    [{ ...odyssey, author: '\t' }, /author is required/],
    [{ ...odyssey, year: 0 }, /year .*, got 0/],
    [{ ...odyssey, year: 3_000_000_000 }, /year .*, got 3000000000/],
    [{ ...odyssey, pages: 0 }, /pages .*, got 0/],
    [{ ...odyssey, publisher: 'a\0b' }, /publisher holds a character that cannot be stored/],
  ]
  for (const [body, message] of wrong) {
    const refused = await add(body, { 'idempotency-key': 'k' })
    assert.equal(refused.status, 400)
    assert.match(((await refused.json()) as { error: string }).error, message)
  }
  assert.equal((await add({ ...odyssey, isbn_10: '', isbn_13: '' }, { 'idempotency-key': 'k' })).status, 201)
  const conflict = await add({ title: 'Another', author: 'Book' }, { 'idempotency-key': 'k' })
  assert.equal(conflict.status, 409)
  const rating = { product_id: 'd1', average: 4, count: 1, version: 1 }
  for (const part of [{ average: 6 }, { count: -1 }, { version: 0 }, { product_id: '' }]) {
    assert.equal((await rate({ ...rating, ...part })).status, 400)
  }
  for (const query of ['sort=price', 'page=0', 'page_size=1001', 'q=%00', `q=${'x'.repeat(201)}`]) {
    assert.equal((await fetch(`/v1/details?${query}`)).status, 400, query)
  }
})
