import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '@bookinfo/testing'
import { applyMigrations } from './migrate.ts'

const first = { name: '001_first.sql', sql: 'CREATE TABLE first (n INT)' }
const broken = { name: '002_broken.sql', sql: 'CREATE TABLE second (n INT); SELECT nonsense' }

test('processes that start together apply a migration once', async () => {
  const { pool } = await testDatabase()
  await Promise.all(Array.from({ length: 5 }, () => applyMigrations(pool, [first])))
  assert.equal((await pool.query('SELECT count(*)::int AS n FROM schema_migrations')).rows[0].n, 1)
})

test('a migration that fails leaves nothing behind and can be mended', async () => {
  const { pool } = await testDatabase()
  await assert.rejects(applyMigrations(pool, [first, broken]), /nonsense/)
  await applyMigrations(pool, [first, { ...broken, sql: 'CREATE TABLE second (n INT)' }])
})

test('a migration that was edited after it ran is refused by name', async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, [first])
  await assert.rejects(applyMigrations(pool, [{ ...first, sql: 'SELECT 1' }]), /001_first\.sql was changed/)
})
