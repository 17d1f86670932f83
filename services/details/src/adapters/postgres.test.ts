import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { applyMigrations, migrate } from '@bookinfo/database'
import { outboxSchema } from '@bookinfo/eventlog'
import { outboxEvents, testDatabase } from '@bookinfo/testing'
import { searchText, titleOrderKey } from '../domain/catalogue.ts'
import { createPostgresBooks } from './postgres.ts'
import { describeBookStore } from './store-suite.ts'

const open = async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, outboxSchema, 'outbox_migrations')
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  const books = createPostgresBooks({ pool, outbox: { wake: () => {} }, newEventId: randomUUID })
  return { pool, books, published: () => outboxEvents(pool) }
}

describeBookStore('books in PostgreSQL', open)

test('the sample books load, twice without effect, and are as good as added ones', async () => {
  const { pool, books } = await open()
  const seeds = await readFile(new URL('../../seeds/seed.sql', import.meta.url), 'utf8')
  await pool.query(seeds)
  await pool.query(seeds)
  const { books: found } = await books.page({ words: [], sort: 'title', offset: 0, limit: 10 })
  assert.deepEqual(
    found.map(({ id }) => id),
    ['d0003', 'd0001', 'd0002'],
  )
  const { rows } = await pool.query('SELECT title, author, title_order, search_text FROM details')
  for (const { title, author, title_order, search_text } of rows) {
    assert.deepEqual([title_order, search_text], [titleOrderKey(title), searchText({ title, author })])
  }
  const added = { ...found[2], id: 'b9780199536788' } as (typeof found)[number]
  const stored = await books.addOnce({ key: 'k', kind: 'explicit', fingerprint: 'f' }, added)
  assert.deepEqual([stored.outcome, stored.value.id, stored.value.year], ['repeated', 'd0002', -800])
})
