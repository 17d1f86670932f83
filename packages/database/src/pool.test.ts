import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestPostgres, testDatabase } from '@bookinfo/testing'
import { createPool, query, transaction } from './index.ts'

test('a database that is away is unavailable, with a hint when to come back', async () => {
  const server = await startTestPostgres()
  const pool = createPool({ url: server.url('postgres'), max: 1, applicationName: 'pool-test' })
  await query(pool, 'one', 'SELECT 1')
  await server.remove()
  await assert.rejects(query(pool, 'one', 'SELECT 1'), { code: 'unavailable', headers: { 'retry-after': '1' } })
  await pool.end()
})

test('a transaction that fails leaves nothing behind', async () => {
  const { pool } = await testDatabase()
  await pool.query('CREATE TABLE kept (n INT PRIMARY KEY)')
  const twice = transaction(pool, async (client) => {
    await client.query('INSERT INTO kept VALUES (1)')
    await client.query('INSERT INTO kept VALUES (1)')
  })
  await assert.rejects(twice, /duplicate key/)
  assert.equal((await pool.query('SELECT n FROM kept')).rowCount, 0)
})
