import { randomUUID } from 'node:crypto'
import { applyMigrations, migrate } from '@bookinfo/database'
import { outboxSchema } from '@bookinfo/eventlog'
import { outboxEvents, testDatabase } from '@bookinfo/testing'
import { createPostgresRatings } from './postgres.ts'
import { describeRatingStore } from './store-suite.ts'

describeRatingStore('ratings in PostgreSQL', async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, outboxSchema, 'outbox_migrations')
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  const ratings = createPostgresRatings({ pool, outbox: { wake: () => {} }, newEventId: randomUUID })
  return { ratings, published: () => outboxEvents(pool) }
})
