import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { migrate } from '@bookinfo/database'
import { naturalKey } from '@bookinfo/idempotency'
import { testDatabase } from '@bookinfo/testing'
import type { Notification } from '../domain.ts'
import { createPostgresNotifications } from './postgres.ts'

test('the sample notifications load, twice without effect, and are as good as sent ones', async () => {
  const { pool } = await testDatabase()
  await migrate(pool, { folder: new URL('../../migrations/', import.meta.url) })
  const seeds = await readFile(new URL('../../seeds/seed.sql', import.meta.url), 'utf8')
  await pool.query(seeds)
  await pool.query(seeds)
  const notifications = createPostgresNotifications({ pool })
  const found = await notifications.listFor('admin@bookinfo.local', { offset: 0, limit: 10 })
  assert.deepEqual(
    found.map(({ id, status }) => [id, status]),
    [
      ['n0003', 'sent'],
      ['n0002', 'sent'],
      ['n0001', 'sent'],
    ],
  )
  const { recipient, channel, subject, body, sentAt } = found[2] as Notification
  assert.deepEqual(
    [body, sentAt?.toISOString()],
    ['The Comedy of Errors has been added to the catalog.', '2026-01-15T10:00:00.000Z'],
  )
  const fingerprint = naturalKey([recipient, channel, subject, body])
  const repeated = await notifications.findByKey({ key: 'seed/n0001', kind: 'explicit', fingerprint })
  assert.equal(repeated?.id, 'n0001')
})
