import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import { startKafka, testDatabase, waitFor } from '@bookinfo/testing'
import type { NewEntry } from '../port.ts'
import { readCount } from '../suite.ts'
import { createKafkaEventLog } from './log.ts'
import { createKafkaPublisher } from './publisher.ts'

const { pool } = await testDatabase()
const kafka = await startKafka()
after(() => kafka.remove())
const brokers = [kafka.address]

const lines: string[] = []
const logger = { warn: (message: string) => void lines.push(message) }
const open = () => createKafkaEventLog({ brokers, pool, logger, partitions: 3, sessionMs: 1_000 })

const event = (fields: Partial<NewEntry> = {}): NewEntry => ({
  id: randomUUID(),
  subject: 's',
  key: randomUUID(),
  headers: {},
  payload: Buffer.from('1'),
  origin: 'client',
  ...fields,
})

const pause = () => void process.kill(kafka.pid(), 'SIGSTOP')
const goOn = () => void process.kill(kafka.pid(), 'SIGCONT')
afterEach(goOn)

test('a broker that stands still refuses within two seconds, and the log goes on by itself when it is back', async () => {
  const eventLog = await open()
  const consumer = await eventLog.consumer({ log: 'paused', name: 'reader', start: 'earliest' })
  await eventLog.append('paused', [event({ id: 'before' })])
  await readCount(consumer, 1)
  lines.length = 0
  pause()
  const startMs = performance.now()
  await assert.rejects(eventLog.append('paused', [event()]), { code: 'unavailable', headers: { 'retry-after': '1' } })
  assert.ok(performance.now() - startMs < 2_000)
  goOn()
  await waitFor('a success', () =>
    eventLog.append('paused', [event({ id: 'after' })]).then(
      () => true,
      () => false,
    ),
  )
  const ids: string[] = []
  await waitFor('what was stored', async () => {
    ids.push(...(await readCount(consumer, 1)).map(({ id }) => id))
    return ids.includes('after')
  })
  assert.ok(lines.length < 10, `${lines.length} log lines`)
  await eventLog.close()
})

test('a repeat after an unknown outcome is one event under its first id, whether the first try was stored or not', async () => {
  const eventLog = await open()
  const consumer = await eventLog.consumer({ log: 'unknown', name: 'reader', start: 'earliest' })
  const dedupe = { key: 'k', fingerprint: 'f' }
  pause()
  await assert.rejects(eventLog.append('unknown', [event({ id: 'first', dedupe })]), { code: 'unavailable' })
  goOn()
  const again = () => eventLog.append('unknown', [event({ id: randomUUID(), dedupe })]).catch(() => undefined)
  const [told] = await waitFor('an answer', again)
  assert.deepEqual(told, { duplicate: true, id: 'first', sameContent: true })
  const changed = { key: 'k', fingerprint: 'other' }
  const [refused] = await eventLog.append('unknown', [event({ dedupe: changed })])
  assert.deepEqual(refused, { duplicate: true, id: 'first', sameContent: false })
  await eventLog.append('unknown', [event({ id: 'last' })])
  const ids = (await readCount(consumer, 2)).map(({ id }) => id)
  assert.deepEqual(ids.sort(), ['first', 'last'])
  assert.deepEqual(await eventLog.counts('unknown'), [{ subject: 's', origin: 'client', count: 2 }])
  await eventLog.close()
})

test('a broker killed with -9 under load loses nothing that was acknowledged, and nobody reads an event twice', async () => {
  const eventLog = await open()
  const consumer = await eventLog.consumer({ log: 'killed', name: 'reader', start: 'earliest' })
  const acknowledged = new Set<string>()
  const sent = new Set<string>()
  lines.length = 0
  const stopping = new AbortController()
  const write = async (writer: number) => {
    for (let n = 0; !stopping.signal.aborted; n += 1) {
      const dedupe = { key: `${writer}-${n}`, fingerprint: '' }
      const send = async () => {
        const id = randomUUID()
        sent.add(id)
        const [appended] = await eventLog.append('killed', [event({ id, key: `${writer}`, dedupe })])
        return appended?.duplicate ? appended.id : id
      }
      acknowledged.add(await waitFor('an acknowledgement', () => send().catch(() => undefined), { limitMs: 40_000 }))
    }
  }
  const writing = [0, 1, 2, 3].map(write)
  await waitFor('some load', () => acknowledged.size > 50)
  await kafka.stop('SIGKILL')
  await kafka.start()
  const before = acknowledged.size
  await waitFor('load again', () => acknowledged.size > before + 50, { limitMs: 40_000 })
  stopping.abort()
  await Promise.all(writing)
  const read: string[] = []
  await waitFor(
    'everything',
    async () => {
      read.push(...(await consumer.read({ max: 500, signal: AbortSignal.timeout(1_000) })).map(({ id }) => id))
      return acknowledged.isSubsetOf(new Set(read))
    },
    { limitMs: 40_000 },
  )
  assert.equal(new Set(read).size, read.length, 'an event was read twice')
  assert.ok(new Set(read).isSubsetOf(sent), 'an event was read that nobody sent')
  assert.ok(lines.length < 30, `${lines.length} log lines`)
  await eventLog.close()
})

test('a publisher refuses while the broker is away and publishes when it is back', async () => {
  const publisher = createKafkaPublisher({ brokers, logger })
  const outgoing = { id: 'e', topic: 'facts', key: 'k', headers: { ce_id: 'e' }, payload: Buffer.from('{}') }
  await publisher.publish([outgoing])
  await kafka.stop('SIGKILL')
  await assert.rejects(publisher.publish([outgoing]), { code: 'unavailable' })
  await kafka.start()
  await waitFor('a success', () =>
    publisher.publish([outgoing]).then(
      () => true,
      () => false,
    ),
  )
  await publisher.close()
})
