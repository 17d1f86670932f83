import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { applyMigrations, migrate } from '@bookinfo/database'
import { outboxSchema } from '@bookinfo/eventlog'
import { naturalKey } from '@bookinfo/idempotency'
import { outboxEvents, testDatabase } from '@bookinfo/testing'
import type { Review } from '../domain.ts'
import { createPostgresReviews } from './postgres.ts'
import { describeReviewStore } from './store-suite.ts'

describeReviewStore('reviews in PostgreSQL', async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, outboxSchema, 'outbox_migrations')
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  const reviews = createPostgresReviews({ pool, outbox: { wake: () => {} }, newEventId: randomUUID })
  return { reviews, published: () => outboxEvents(pool) }
})

test('the sample reviews load, twice without effect, and are as good as submitted ones', async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, outboxSchema, 'outbox_migrations')
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  const seeds = await readFile(new URL('../../seeds/seed.sql', import.meta.url), 'utf8')
  await pool.query(seeds)
  await pool.query(seeds)
  const reviews = createPostgresReviews({ pool, outbox: { wake: () => {} }, newEventId: randomUUID })
  const { reviews: found, total } = await reviews.page('d0001', { offset: 0, limit: 10 })
  assert.deepEqual([total, found[0]?.id, found[0]?.reviewer], [1, 'v0001', 'reviewer1'])
  const { productId, reviewer, text } = found[0] as Review
  const key = { key: 'k', kind: 'explicit' as const, fingerprint: naturalKey([productId, reviewer, text]) }
  assert.equal((await reviews.addOnce(key, found[0] as Review)).outcome, 'repeated')
})
