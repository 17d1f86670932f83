import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertStored, postRandomBodies, publishedCount, startTestService, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import { reviewSubmitted, reviews } from './contract.ts'
import { createReviews } from './service.ts'

const many = (prefix: string) => Array.from({ length: 500 }, (_, n) => `${prefix}${n}`)

test('of ten thousand random reviews those accepted are stored and announced once, and the others leave nothing', async () => {
  const { api, pool } = await startTestService({ create: createReviews, readConfig })
  const answers = await postRandomBodies(`${api}${reviews.routes.submit.path}`, {
    fields: {
      product_id: ['p1', 'p2'],
      reviewer: ['alice', 'ボブ', "O'Hara <b>"],
      text: ['Great book!', 'كتاب رائع', '<script>alert(1)</script>', 'x'.repeat(10_000)],
      review_id: [...many('v-'), undefined],
      idempotency_key: [...many('k'), undefined, ''],
    },
  })
  const { rows } = await pool.query('SELECT id, (SELECT sum(count)::int FROM review_totals) AS total FROM reviews')
  assertStored(answers, rows)
  await waitFor(
    `${rows.length} events and as many counted`,
    async () => rows[0].total === rows.length && (await publishedCount(pool, reviewSubmitted.topic)) === rows.length,
  )
})

test('of ten thousand random deletions each one accepted is remembered, also before its review, and the others leave nothing', async () => {
  const { api, pool } = await startTestService({ create: createReviews, readConfig })
  const answers = await postRandomBodies(`${api}${reviews.routes.delete.path}`, {
    fields: { review_id: many('v-'), extra: [1, 'x'] },
  })
  const accepted = answers.filter(({ status }) => status === 204).map(({ body }) => JSON.parse(String(body)).review_id)
  const { rows } = await pool.query('SELECT id FROM reviews WHERE deleted_at IS NOT NULL')
  assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(accepted))
})
