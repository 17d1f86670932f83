import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { applyMigrations, migrate } from '@bookinfo/database'
import { outboxSchema } from '@bookinfo/eventlog'
import { naturalKey } from '@bookinfo/idempotency'
import { outboxEvents, testDatabase } from '@bookinfo/testing'
import { createPostgresRatings } from './postgres.ts'
import { describeRatingStore } from './store-suite.ts'

const open = async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, outboxSchema, 'outbox_migrations')
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  const ratings = createPostgresRatings({ pool, outbox: { wake: () => {} }, newEventId: randomUUID })
  return { pool, ratings, published: () => outboxEvents(pool) }
}

describeRatingStore('ratings in PostgreSQL', open)

test('kept totals equal the totals counted anew, after concurrent writes, repeats and conflicts', async () => {
  const { pool, ratings } = await open()
  const calls = Array.from({ length: 400 }, (_, n) => {
    const [productId, stars] = [`p${n % 7}`, (n % 5) + 1]
    const key = { key: `k${n % 300}`, kind: 'explicit' as const, fingerprint: naturalKey([productId, stars]) }
    return ratings.addOnce(key, { id: randomUUID(), productId, reviewer: 'alice', stars, createdAt: new Date() })
  })
  const settled = await Promise.allSettled(calls)
  assert.ok(settled.some(({ status }) => status === 'rejected'))
  const counted = await pool.query(`
    SELECT product_id, count(*)::int AS count, count(*) FILTER (WHERE stars = 1)::int AS stars_1,
      count(*) FILTER (WHERE stars = 2)::int AS stars_2, count(*) FILTER (WHERE stars = 3)::int AS stars_3,
      count(*) FILTER (WHERE stars = 4)::int AS stars_4, count(*) FILTER (WHERE stars = 5)::int AS stars_5
    FROM ratings GROUP BY product_id ORDER BY product_id`)
  const kept = await pool.query('SELECT * FROM rating_totals ORDER BY product_id')
  assert.deepEqual(kept.rows, counted.rows)
  assert.equal(
    kept.rows.reduce((sum, { count }) => sum + count, 0),
    300,
  )
})

test('the sample ratings load, twice without effect', async () => {
  const { pool, ratings } = await open()
  const seeds = await readFile(new URL('../../seeds/seed.sql', import.meta.url), 'utf8')
  await pool.query(seeds)
  await pool.query(seeds)
  const { ratings: found, total, totals } = await ratings.page('d0001', { offset: 0, limit: 10 })
  assert.deepEqual([found[0]?.id, total, totals], ['r0001', 1, [0, 0, 0, 0, 1]])
})
