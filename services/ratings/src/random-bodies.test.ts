import { test } from 'node:test'
import { assertStored, postRandomBodies, publishedCount, startTestService, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import { ratingSubmitted, ratings } from './contract.ts'
import { createRatings } from './service.ts'

const keys = Array.from({ length: 500 }, (_, n) => `k${n}`)

test('of ten thousand random ratings those accepted are stored and announced once, and the others leave nothing', async () => {
  const { api, pool } = await startTestService({ create: createRatings, readConfig })
  const answers = await postRandomBodies(`${api}${ratings.routes.submit.path}`, {
    fields: {
      product_id: ['p1', 'p2', 'كتاب'],
      reviewer: ['alice', 'ボブ', "O'Hara <b>"],
      stars: [1, 2, 3, 4, 5],
      idempotency_key: [...keys, undefined, ''],
    },
  })
  const { rows } = await pool.query('SELECT id, (SELECT sum(count)::int FROM rating_totals) AS total FROM ratings')
  assertStored(answers, rows)
  await waitFor(
    `${rows.length} events and as many counted`,
    async () => rows[0].total === rows.length && (await publishedCount(pool, ratingSubmitted.topic)) === rows.length,
  )
})
