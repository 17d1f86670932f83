import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertStored, postRandomBodies, publishedCount, startTestService, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import { bookAdded, details } from './contract.ts'
import { createDetails } from './service.ts'

const many = (prefix: string) => Array.from({ length: 500 }, (_, n) => `${prefix}${n}`)

test('of ten thousand random books those accepted are stored and announced once, and the others leave nothing', async () => {
  const { api, pool } = await startTestService({ create: createDetails, readConfig })
  const answers = await postRandomBodies(`${api}${details.routes.add.path}`, {
    fields: {
      title: ['Ulysses', '源氏物語', 'ألف ليلة وليلة'],
      author: ['Joyce', '紫式部'],
      year: [1922, -800, 9_999, undefined],
      pages: [730, 1, undefined],
      type: ['', 'paperback', undefined],
      publisher: ['Sylvia Beach', '', undefined],
      language: ['en', undefined],
      isbn_10: ['0199536783', '', ...many('01995')],
      isbn_13: ['', undefined],
      idempotency_key: [...many('k'), undefined, ''],
    },
  })
  const { rows } = await pool.query('SELECT id FROM details')
  assertStored(answers, rows)
  await waitFor(`${rows.length} events`, async () => (await publishedCount(pool, bookAdded.topic)) === rows.length)
})

test('of ten thousand random average ratings each one accepted stands by its version, and the others leave nothing', async () => {
  const { api, pool } = await startTestService({ create: createDetails, readConfig })
  const answers = await postRandomBodies(`${api}${details.routes.recordRating.path}`, {
    fields: { product_id: many('d'), average: [4.5, 0, 5], count: [2, 0], version: [1, 2, 3, 2 ** 53 - 1] },
  })
  const newest = new Map<string, number>()
  for (const { status, body } of answers) {
    if (status !== 204) continue
    const { product_id: id, version } = JSON.parse(String(body))
    newest.set(id, Math.max(version, newest.get(id) ?? 0))
  }
  const { rows } = await pool.query('SELECT product_id AS id, version::float8 FROM book_ratings')
  assert.deepEqual(new Map(rows.map(({ id, version }) => [id, version])), newest)
})
