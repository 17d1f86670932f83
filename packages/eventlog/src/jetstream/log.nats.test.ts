import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '@bookinfo/logging'
import { testDatabase, testNats, waitFor } from '@bookinfo/testing'
import { connect } from '@nats-io/transport-node'
import { jetstreamManager } from '@nats-io/jetstream'
import type { NewEntry } from '../port.ts'
import { describeEventLog, readCount } from '../suite.ts'
import { createJetStreamEventLog } from './log.ts'
import { createJetStreamPublisher } from './publisher.ts'

const { pool } = await testDatabase()
const nats = await testNats()
const address = { url: nats.address }
const open = (limits?: { entriesMax: number; bytesMax: number }) =>
  createJetStreamEventLog({ address, pool, logger: silentLogger, ...(limits && { limits }) })

describeEventLog('the event log in JetStream', { open: () => open(), features: { survivesRestart: true } })

const event = (id: string, fields: Partial<NewEntry> = {}): NewEntry => ({
  id,
  subject: '',
  key: 'k',
  headers: {},
  payload: Buffer.from('1'),
  origin: 'internal',
  ...fields,
})

test('a full stream refuses new entries as unavailable and keeps the old ones', async () => {
  const eventLog = await open({ entriesMax: 2, bytesMax: -1 })
  const consumer = await eventLog.consumer({ log: 'full', name: 'reader', start: 'earliest' })
  await eventLog.append('full', [event('a'), event('b')])
  await assert.rejects(eventLog.append('full', [event('c')]), { code: 'unavailable', message: 'log full is full' })
  const ids = (await readCount(consumer, 2)).map(({ id }) => id)
  assert.deepEqual(ids, ['a', 'b'])
  await eventLog.close()
})

test('an event that is published twice is one, and its replays come each time', async () => {
  const eventLog = await open()
  const publisher = createJetStreamPublisher({ address, name: 'test', logger: silentLogger })
  const consumer = await eventLog.consumer({ log: 'facts', name: 'reader', start: 'earliest' })
  const fact = { id: 'e1', topic: 'facts', key: 'book', payload: Buffer.from('{"n":1}') }
  const headers = { ce_id: 'e1', ce_type: 'made', ce_subject: 'book', 'content-type': 'application/json' }
  const publish = (more = {}) => publisher.publish([{ ...fact, headers: { ...headers, ...more } }])
  await waitFor('the connection', () =>
    publish().then(
      () => true,
      () => false,
    ),
  )
  await publish()
  await publish({ 'dead-letter-id': 'l1' })
  await publish({ 'dead-letter-id': 'l1' })
  const entries = await readCount(consumer, 3)
  assert.deepEqual(
    entries.map(({ id, key, origin }) => [id, key, origin]),
    [
      ['e1', 'book', 'internal'],
      ['e1', 'book', 'replay'],
      ['e1', 'book', 'replay'],
    ],
  )
  assert.deepEqual(entries[0]?.headers, headers)
  await publisher.close()
  await eventLog.close()
})

test('on the wire a topic is a subject of its own name, with attributes behind a dash', async () => {
  const publisher = createJetStreamPublisher({ address, name: 'test', logger: silentLogger })
  const headers = { ce_id: 'e1', ce_type: 'made', ce_subject: 'book' }
  const wire = { id: 'e1', topic: 'wire_facts', key: 'book', headers, payload: Buffer.from('{"n":1}') }
  await waitFor('the connection', () =>
    publisher.publish([wire]).then(
      () => true,
      () => false,
    ),
  )
  const nc = await connect({ servers: nats.address })
  const stored = await (await jetstreamManager(nc)).streams.getMessage('wire_facts', { seq: 1 })
  assert.equal(stored?.subject, 'wire_facts')
  assert.deepEqual(Object.fromEntries(stored?.header ?? []), {
    'ce-id': ['e1'],
    'ce-type': ['made'],
    'ce-subject': ['book'],
    'Nats-Msg-Id': ['e1'],
  })
  await nc.close()
  await publisher.close()
})

test('a stream that was deleted and made again gives no position a second time', async () => {
  const first = await open()
  const [before] = await first.append('remade', [event('a')])
  await first.close()
  const nc = await connect({ servers: nats.address })
  await (await jetstreamManager(nc)).streams.delete('remade')
  await nc.close()
  const second = await open()
  const [after] = await second.append('remade', [event('b')])
  assert.ok(before?.duplicate === false && after?.duplicate === false)
  assert.ok(after.entry.position > before.entry.position)
  await second.close()
})
