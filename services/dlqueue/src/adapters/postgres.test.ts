import { migrate } from '@bookinfo/database'
import { testDatabase } from '@bookinfo/testing'
import { createPostgresLetters } from './postgres.ts'
import { describeLetterStore } from './store-suite.ts'

describeLetterStore('letters in PostgreSQL', async () => {
  const { pool } = await testDatabase()
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  return createPostgresLetters({ pool })
})
