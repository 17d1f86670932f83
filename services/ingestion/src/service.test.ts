import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readEnv } from '@bookinfo/config'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { parseCsv, readCatalogue } from './adapters/catalogue.ts'
import { sampleStars } from './app/sample-ratings.ts'
import { readConfig } from './config.ts'
import type { CycleResult } from './contract.ts'
import { createIngestion } from './service.ts'

let answer = { status: 200, body: '{"docs":[]}' }
const library = createServer((_request, response) => response.writeHead(answer.status).end(answer.body))
await new Promise<void>((resolve) => library.listen(0, '127.0.0.1', resolve))
after(() => library.close())

const start = async () => {
  const published: OutgoingEvent[] = []
  const env = {
    SERVICE_NAME: 'ingestion',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    POLL_INTERVAL: '0',
    OPEN_LIBRARY_URL: `http://127.0.0.1:${(library.address() as AddressInfo).port}`,
  }
  const service = await createIngestion(readConfig(readEnv(env)), {
    publisher: { publish: async (events) => void published.push(...events), close: async () => {} },
    logDestination: { write: () => {} },
  })
  const { api } = await service.listen()
  const trigger = (body?: unknown) =>
    fetch(`${api}/v1/ingestion/trigger`, { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) })
  return { service, api, trigger, published }
}

test('books with title, author and ISBN are published under their ISBN, without pages too; others are skipped', async () => {
  const { service, trigger, published } = await start()
  const whole = { title: 'A', author_name: ['B', 'C'], isbn: ['0140714898', '9780140714890'], first_publish_year: 1595 }
  answer = { status: 200, body: JSON.stringify({ numFound: 2, docs: [whole, { title: 'No author', isbn: ['1'] }] }) }
  const result = (await (await trigger({ queries: ['plays'] })).json()) as CycleResult
  assert.deepEqual([result.books_found, result.events_published, result.errors], [2, 1, 0])
  assert.deepEqual(JSON.parse(String(published[0]?.payload)), {
    title: 'A',
    author: 'B, C',
    type: 'paperback',
    year: 1595,
    isbn_13: '9780140714890',
    idempotency_key: 'ingestion-isbn-9780140714890',
  })
  assert.deepEqual([published[0]?.key, published[0]?.topic], ['9780140714890', 'raw_books_details'])
  await service.close()
})

test('a source that fails or answers nonsense is an error of the cycle, and the next cycle runs', async () => {
  const { service, api, trigger } = await start()
  for (const [status, body] of [
    [500, ''],
    [200, 'not json'],
    [200, '{"docs":[{"title":3}]}'],
  ] as const) {
    answer = { status, body }
    assert.equal(((await (await trigger()).json()) as CycleResult).errors, 2)
  }
  answer = { status: 200, body: '{"docs":[]}' }
  assert.equal(((await (await trigger()).json()) as CycleResult).errors, 0)
  assert.equal(((await (await fetch(`${api}/v1/ingestion/status`)).json()) as { state: string }).state, 'idle')
  await service.close()
})

test('the catalogue file is read as it is: quotes, commas, missing ISBNs and years before the common era', async () => {
  assert.deepEqual(parseCsv('a,b\n"x, ""y""\nz",2\n', 10), [
    ['a', 'b'],
    ['x, "y"\nz', '2'],
  ])
  const books = await readCatalogue(join(import.meta.dirname, '../../../data/books.csv'), { limit: 10_000 })
  assert.equal(books.length, 10_000)
  assert.equal(books[0]?.title, 'The Hunger Games (The Hunger Games, #1)')
  assert.ok(books.some(({ year }) => (year ?? 0) < 0))
  assert.ok(books.filter(({ isbn }) => !isbn).length > 500)
})

test('sampled ratings follow the real stars and are the same every time', async () => {
  const book = {
    title: 'A',
    authors: ['B'],
    isbn: '1',
    year: 1,
    pages: undefined,
    publisher: undefined,
    language: undefined,
    stars: [0, 0, 0, 0, 9],
  }
  const samples = sampleStars(book, 10)
  assert.deepEqual(samples, sampleStars(book, 10))
  assert.deepEqual([...new Set(samples.map(({ stars }) => stars))], [5])
  assert.deepEqual(sampleStars({ ...book, isbn: undefined }, 10), [])
})
