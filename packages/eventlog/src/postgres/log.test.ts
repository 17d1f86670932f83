import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transaction } from '@bookinfo/database'
import { silentLogger } from '@bookinfo/logging'
import { startTestPostgres, testDatabase, waitFor } from '@bookinfo/testing'
import { createPool } from '@bookinfo/database'
import { appenderLimits } from '../appender.ts'
import type { NewEntry } from '../port.ts'
import { describeEventLog, readCount } from '../suite.ts'
import { appendBatch } from './append.ts'
import { createPostgresEventLog } from './log.ts'
import { trimLogs } from './retention.ts'

const { pool, url } = await testDatabase()
const open = () => createPostgresEventLog({ pool, logger: silentLogger })
const limits = { entriesMax: 1_000_000, bytesMax: 1_000_000_000 }

describeEventLog('the event log in PostgreSQL', { open, features: { survivesRestart: true } })

const event = (id: string): NewEntry => ({
  id,
  subject: 's',
  key: '',
  headers: {},
  payload: Buffer.from('1'),
  origin: 'client',
})

test('an append whose transaction stays open holds back the ones behind it, so that no late commit is skipped', async () => {
  const eventLog = await open()
  const consumer = await eventLog.consumer({ log: 'late', name: 'reader', start: 'earliest' })
  let behind: Promise<unknown> = Promise.resolve()
  await transaction(pool, async (client) => {
    const early = { log: 'late', entries: [event('early')], limits }
    await appendBatch(client as never, early)
    behind = eventLog.append('late', [event('behind')])
    await waitFor('the second append to wait for the first', async () => {
      const waiting = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%eventlog_append%'",
      )
      return waiting.rowCount === 1
    })
  })
  await behind
  assert.deepEqual(
    (await readCount(consumer, 2)).map(({ id, position }) => [id, position]),
    [
      ['early', 1],
      ['behind', 2],
    ],
  )
  await eventLog.close()
})

test('a full log refuses new entries as unavailable and keeps the old ones', async () => {
  const eventLog = await createPostgresEventLog({
    pool,
    logger: silentLogger,
    limits: { entriesMax: 2, bytesMax: 1_000 },
  })
  await eventLog.append('full', [event('a'), event('b')])
  await assert.rejects(eventLog.append('full', [event('c')]), { code: 'unavailable', message: 'log full is full' })
  assert.equal((await eventLog.find('full', 'a'))?.id, 'a')
  await eventLog.close()
})

test('retention removes what is old and never what a consumer has not committed', async () => {
  const eventLog = await open()
  const consumer = await eventLog.consumer({ log: 'trimmed', name: 'reader', start: 'earliest' })
  await eventLog.append('trimmed', [event('a'), event('b'), event('c')])
  await readCount(consumer, 3)
  await consumer.commit(0, 2)
  await trimLogs(pool, { ageMs: -1_000, bytes: 1_000_000 })
  assert.equal(await eventLog.find('trimmed', 'b'), undefined)
  assert.equal((await eventLog.find('trimmed', 'c'))?.position, 3)
  assert.deepEqual(await eventLog.counts('trimmed'), [{ subject: 's', origin: 'client', count: 3 }])
  await eventLog.close()
})

test('an append that the database does not answer in time is unavailable', async () => {
  const eventLog = await createPostgresEventLog({
    pool,
    logger: silentLogger,
    appending: { ...appenderLimits, waitMs: 50 },
  })
  await eventLog.append('slow', [event('a')])
  await transaction(pool, async (client) => {
    await client.query("SELECT 1 FROM eventlog_logs WHERE log = 'slow' FOR UPDATE")
    await assert.rejects(eventLog.append('slow', [event('b')]), { code: 'unavailable' })
  })
  await eventLog.close()
})

test('a holder that dies hands over, and a connection that breaks comes back', async () => {
  const [first, second] = [await open(), await open()]
  const one = await first.consumer({ log: 'dying', name: 'shared', start: 'earliest' })
  await first.append('dying', [event('a')])
  await readCount(one, 1)
  const two = await second.consumer({ log: 'dying', name: 'shared', start: 'earliest' })
  const taken = readCount(two, 1)
  await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`)
  assert.deepEqual(
    (await Promise.race([taken, readCount(one, 1)])).map(({ id }) => id),
    ['a'],
  )
  await first.append('dying', [event('b')])
  await first.close()
  await second.close()
})

test('appends are refused while the database is away and work again when it is back', async () => {
  const server = await startTestPostgres()
  const own = createPool({ url: server.url('postgres'), max: 4, applicationName: 'test' })
  const eventLog = await createPostgresEventLog({ pool: own, logger: silentLogger })
  const consumer = await eventLog.consumer({ log: 'away', name: 'reader', start: 'earliest' })
  process.kill(server.pid(), 'SIGKILL')
  await waitFor('a refusal', async () =>
    eventLog.append('away', [event('lost')]).then(
      () => false,
      (error) => error.code === 'unavailable',
    ),
  )
  await waitFor('a success', async () =>
    eventLog.append('away', [event('kept')]).then(
      () => true,
      () => false,
    ),
  )
  const ids = (await readCount(consumer, 1)).map(({ id }) => id)
  assert.ok(ids.includes('kept') || ids.includes('lost'))
  await eventLog.close()
  await own.end()
  await server.remove()
})

void url
