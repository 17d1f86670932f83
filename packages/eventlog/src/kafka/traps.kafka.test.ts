import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { silentLogger } from '@bookinfo/logging'
import { testDatabase, testKafka } from '@bookinfo/testing'
import type { NewEntry } from '../port.ts'
import { readCount } from '../suite.ts'
import { connectionTo, loadClient } from './client.ts'
import { createKafkaEventLog } from './log.ts'
import { createKafkaPublisher } from './publisher.ts'

const { pool } = await testDatabase()
const { address } = await testKafka()
const brokers = [address]
const client = await loadClient()
const open = () => createKafkaEventLog({ brokers, pool, logger: silentLogger, partitions: 1, sessionMs: 1_000 })

const event = (fields: Partial<NewEntry> = {}): NewEntry => ({
  id: randomUUID(),
  subject: 's',
  key: 'k',
  headers: {},
  payload: Buffer.from('1'),
  origin: 'client',
  ...fields,
})

test('two hundred idempotent sends at once are two hundred records in the log, not one', async () => {
  const eventLog = await open()
  const log = `sends-${randomUUID()}`
  const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
  const producer = new client.Producer({ ...connectionTo(brokers), idempotent: true, acks: -1 })
  const ids = Array.from({ length: 200 }, (_, n) => `e${n}`)
  const value = Buffer.from('1')
  const send = (id: string) => {
    const headers = new Map([[Buffer.from('ce_id'), Buffer.from(id)]])
    return producer.send({ messages: [{ topic: log, partition: 0, value, headers }] })
  }
  await Promise.all(ids.map(send))
  const read = (await readCount(consumer, ids.length)).map(({ id }) => id)
  assert.deepEqual(read.sort(), ids.sort())
  assert.equal((await eventLog.counts(log))[0]?.count, 200)
  await producer.close()
  await eventLog.close()
})

test('transactions of others stop nobody: what they aborted is read too, and a repeated id is one event', async () => {
  const eventLog = await open()
  const log = `aborted-${randomUUID()}`
  const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
  const transactionalId = randomUUID()
  const settings = { ...connectionTo(brokers), idempotent: true, transactionalId, producerId: -1n, producerEpoch: -1 }
  const producer = new client.Producer(settings)
  for (const end of ['abort', 'abort', 'commit'] as const) {
    const transaction = await producer.beginTransaction()
    const headers = new Map([[Buffer.from('ce_id'), Buffer.from('same')]])
    await transaction.send({ messages: [{ topic: log, partition: 0, value: Buffer.from(end), headers }] })
    await transaction[end]()
  }
  await producer.close()
  await eventLog.append(log, [event({ id: 'after' })])
  assert.deepEqual(
    (await readCount(consumer, 2)).map(({ id }) => id),
    ['same', 'after'],
  )
  await eventLog.close()
})

test('a record that the broker will never take is too large, and costs its neighbours nothing', async () => {
  const eventLog = await open()
  const log = `large-${randomUUID()}`
  const large = event({ payload: Buffer.alloc(17 * 1_048_576) })
  const [refused, stored] = await Promise.allSettled([eventLog.append(log, [large]), eventLog.append(log, [event()])])
  assert.equal(refused.status === 'rejected' && refused.reason.code, 'tooLarge')
  assert.equal(stored.status, 'fulfilled')
  await eventLog.close()
})

test('a dead letter of eight MiB fits', async () => {
  const eventLog = await open()
  const log = `letter-${randomUUID()}`
  const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
  await eventLog.append(log, [event({ payload: Buffer.alloc(8 * 1_048_576, 'x') })])
  assert.equal((await readCount(consumer, 1))[0]?.payload.length, 8 * 1_048_576)
  await eventLog.close()
})

test('a send right after a failed one does not wait for the pauses of the client', async () => {
  const eventLog = await open()
  const log = `quick-${randomUUID()}`
  await eventLog.append(log, [event()])
  const large = event({ payload: Buffer.alloc(17 * 1_048_576) })
  await assert.rejects(eventLog.append(log, [large]), { code: 'tooLarge' })
  const startMs = performance.now()
  await eventLog.append(log, [event()])
  assert.ok(performance.now() - startMs < 1_000)
  await eventLog.close()
})

test('a publisher sends CloudEvents in binary mode: exactly the headers it is given, with the key that orders them', async () => {
  const topic = `facts-${randomUUID()}`
  const headers = {
    ce_specversion: '1.0',
    ce_type: 'com.bookinfo.ratings.rating-submitted',
    ce_source: 'ratings',
    ce_id: 'e1',
    ce_time: '2026-03-04T05:06:07Z',
    ce_subject: 'p1',
    'content-type': 'application/json',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  }
  const publisher = createKafkaPublisher({ brokers, logger: silentLogger })
  const outgoing = { id: 'e1', topic, key: 'p1', headers, payload: Buffer.from('{"stars":5}') }
  await publisher.publish([outgoing, outgoing])
  await publisher.close()
  const consumer = new client.Consumer({ ...connectionTo(brokers), groupId: randomUUID() })
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false })
  for await (const message of stream) {
    const found = [...message.headers].map(([name, value]) => [name.toString(), value.toString()])
    assert.deepEqual(Object.fromEntries(found), headers)
    assert.equal(found.length, Object.keys(headers).length)
    assert.deepEqual([message.key.toString(), message.value.toString()], ['p1', '{"stars":5}'])
    break
  }
  await consumer.close(true)
  const eventLog = await open()
  const reader = await eventLog.consumer({ log: topic, name: 'reader', start: 'earliest' })
  assert.deepEqual(
    (await readCount(reader, 1)).map(({ id, origin }) => [id, origin]),
    [['e1', 'internal']],
  )
  assert.deepEqual(await eventLog.counts(topic), [{ subject: '', origin: 'internal', count: 1 }])
  await eventLog.close()
})
