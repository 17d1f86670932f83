import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '@bookinfo/testing'
import { createPostgresState } from './postgres.ts'

test('a database belongs to the kind of bus that it was begun with', async () => {
  const { pool } = await testDatabase()
  for (const bus of ['kafka', 'kafka']) await (await createPostgresState({ pool, bus })).close()
  await assert.rejects(createPostgresState({ pool, bus: 'postgres' }), {
    code: 'conflict',
    message: /belongs to a bus on kafka, not postgres/,
  })
})
