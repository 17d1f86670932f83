import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyMigrations, type Pool, transaction } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { silentLogger } from '@bookinfo/logging'
import { testDatabase, waitFor } from '@bookinfo/testing'
import type { OutgoingEvent, Publisher } from '../publisher.ts'
import { createOutboxRelay } from './relay.ts'
import { outboxSchema } from './schema.ts'

const add = (pool: Pick<Pool, 'query'>, id: string, key = 'k') =>
  pool.query('SELECT outbox_add($1, $2, $3, $4, $5)', [id, 'topic', key, '{"ce_id":"x"}', '{}'])

const openOutbox = async () => {
  const { pool } = await testDatabase()
  await applyMigrations(pool, outboxSchema, 'outbox_migrations')
  return pool
}

const collecting = (refuse: (events: readonly OutgoingEvent[]) => void = () => {}) => {
  const published: string[] = []
  const publisher: Publisher = {
    publish: async (events) => {
      refuse(events)
      published.push(...events.map(({ id }) => id))
    },
    close: async () => {},
  }
  return { published, publisher }
}

test('what is stored is published in order and then gone from the outbox', async () => {
  const pool = await openOutbox()
  const { published, publisher } = collecting()
  const relay = createOutboxRelay({ pool, publisher, logger: silentLogger })
  for (const id of ['a', 'b', 'c']) await add(pool, id)
  await relay.drained()
  assert.deepEqual(published, ['a', 'b', 'c'])
  assert.equal(await relay.backlog(), 0)
  await relay.close()
})

test('a broker that is away loses nothing and keeps the order', async () => {
  const pool = await openOutbox()
  let tries = 0
  const { published, publisher } = collecting(() => {
    tries += 1
    if (tries < 3) throw new AppError('unavailable', 'away')
  })
  const relay = createOutboxRelay({ pool, publisher, logger: silentLogger })
  for (const id of ['a', 'b']) await add(pool, id)
  await relay.drained()
  assert.deepEqual(published, ['a', 'b'])
  await relay.close()
})

test('an event that can never be published is set aside and blocks nothing', async () => {
  const pool = await openOutbox()
  const { published, publisher } = collecting((events) => {
    if (events.some(({ id }) => id === 'bad')) throw new AppError('tooLarge', 'too large')
  })
  const setAside: string[] = []
  for (const id of ['a', 'bad', 'c']) await add(pool, id)
  const relay = createOutboxRelay({ pool, publisher, logger: silentLogger, onSetAside: (id) => setAside.push(id) })
  await relay.drained()
  assert.deepEqual(published, ['a', 'c'])
  assert.deepEqual(setAside, ['bad'])
  assert.equal((await pool.query("SELECT error FROM outbox WHERE id = 'bad'")).rows[0].error, 'too large')
  await relay.close()
})

test('two writes of one key are numbered in commit order', async () => {
  const pool = await openOutbox()
  let second: Promise<unknown> = Promise.resolve()
  await transaction(pool, async (client) => {
    await add(client, 'first')
    second = add(pool, 'second')
    await waitFor('the second write to wait', async () => {
      const waiting = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%outbox_add%'",
      )
      return waiting.rowCount === 1
    })
  })
  await second
  assert.deepEqual(
    (await pool.query('SELECT id FROM outbox ORDER BY seq')).rows.map(({ id }) => id),
    ['first', 'second'],
  )
})

test('of two relays on one database one works, and the other takes over', async () => {
  const pool = await openOutbox()
  const [one, two] = [collecting(), collecting()]
  const first = createOutboxRelay({ pool, publisher: one.publisher, logger: silentLogger })
  await add(pool, 'a')
  await first.drained()
  const second = createOutboxRelay({ pool, publisher: two.publisher, logger: silentLogger })
  await first.close()
  await add(pool, 'b')
  await second.drained()
  assert.deepEqual([one.published, two.published], [['a'], ['b']])
  await second.close()
})
