import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { silentLogger } from '@bookinfo/logging'
import { testDatabase, testKafka, waitFor } from '@bookinfo/testing'
import type { Consumer, Entry, NewEntry } from '../port.ts'
import { readCount } from '../suite.ts'
import { loadClient } from './client.ts'
import { createKafkaEventLog } from './log.ts'

const { pool, url } = await testDatabase()
const { address } = await testKafka()
const sessionMs = 1_000
const open = () => createKafkaEventLog({ brokers: [address], pool, logger: silentLogger, sessionMs })

const event = (id: string, key: string): NewEntry => ({
  id,
  subject: 's',
  key,
  headers: {},
  payload: Buffer.from('1'),
  origin: 'client',
})

const readInto = (consumer: Consumer, read: Entry[], signal: AbortSignal) =>
  (async () => {
    while (!signal.aborted) read.push(...(await consumer.read({ max: 10, signal })))
  })()

test('two holders of a name share the partitions, and each key keeps its order with one of them', async () => {
  const [writer, first, second] = [await open(), await open(), await open()]
  const log = `shared-${randomUUID()}`
  const stop = new AbortController()
  const read: [Entry[], Entry[]] = [[], []]
  const reading = [first, second].map(async (eventLog, index) => {
    const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
    return readInto(consumer, read[index as 0 | 1], stop.signal)
  })
  let n = 0
  await waitFor('both to read', async () => {
    await writer.append(
      log,
      Array.from({ length: 12 }, (_, key) => event(`${n}`, `k${key}`)).map((one) => ({ ...one, id: `e${n++}` })),
    )
    return read[0].length > 0 && read[1].length > 0
  })
  await waitFor('everything', () => new Set(read.flat().map(({ id }) => id)).size === n)
  stop.abort()
  await Promise.all(reading)
  for (const entries of read) {
    for (const group of Map.groupBy(entries, ({ key }) => key).values()) {
      const positions = group.map(({ position }) => position)
      assert.deepEqual(
        positions,
        [...new Set(positions)].sort((a, b) => a - b),
      )
    }
  }
  await Promise.all([writer, first, second].map((eventLog) => eventLog.close()))
})

test('a holder killed with -9 hands over within the session time-out: what it had not committed comes again, in order', async () => {
  const writer = await open()
  const log = `dying-${randomUUID()}`
  const ids = Array.from({ length: 9 }, (_, index) => `e${index}`)
  await writer.append(
    log,
    ids.map((id) => event(id, 'one key')),
  )
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
  })
  child.stdin.end(`
    import { createPool } from '@bookinfo/database'
    import { silentLogger } from '@bookinfo/logging'
    import { createKafkaEventLog } from '${import.meta.dirname}/log.ts'
    const pool = createPool({ url: ${JSON.stringify(url)}, max: 2, applicationName: 'dying' })
    const options = { brokers: ['${address}'], pool, logger: silentLogger, sessionMs: ${sessionMs} }
    const eventLog = await createKafkaEventLog(options)
    const consumer = await eventLog.consumer({ log: '${log}', name: 'reader', start: 'earliest' })
    const [first] = await consumer.read({ max: 1, signal: new AbortController().signal })
    await consumer.commit(first.partition, first.position)
    await consumer.read({ max: 3, signal: new AbortController().signal })
    process.stdout.write('has read')
    setInterval(() => {}, 1_000)
  `)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const other = await open()
  const consumer = await other.consumer({ log, name: 'reader', start: 'earliest' })
  const taking = readCount(consumer, ids.length - 1)
  child.kill('SIGKILL')
  const startMs = performance.now()
  const taken = await taking
  const tookMs = performance.now() - startMs
  assert.deepEqual(
    taken.map(({ id }) => id),
    ids.slice(1),
  )
  assert.ok(tookMs < 3 * sessionMs, `took ${tookMs} ms`)
  await other.close()
  await writer.close()
})

test('a consumer that starts at the latest misses nothing in any partition once it is open', async () => {
  const eventLog = await open()
  const log = `latest-${randomUUID()}`
  const some = (from: number) => Array.from({ length: 30 }, (_, index) => event(`e${from + index}`, `k${index}`))
  await eventLog.append(log, some(0))
  const consumer = await eventLog.consumer({ log, name: 'late', start: 'latest' })
  await eventLog.append(log, some(30))
  const ids = (await readCount(consumer, 30)).map(({ id }) => id)
  assert.deepEqual(
    ids.sort(),
    some(30)
      .map(({ id }) => id)
      .sort(),
  )
  assert.equal(await consumer.lag(), 30)
  await eventLog.close()
})

test('a topic that was made anew is refused, because cursors would mean other records', async () => {
  const client = await loadClient()
  const admin = new client.Admin({ clientId: 'test', bootstrapBrokers: [address] })
  const log = `anew-${randomUUID()}`
  const first = await open()
  await first.append(log, [event('e', 'k')])
  await first.consumer({ log, name: 'reader', start: 'earliest' })
  await first.close()
  await admin.deleteTopics({ topics: [log] })
  await admin.close()
  const second = await open()
  await assert.rejects(second.consumer({ log, name: 'reader', start: 'earliest' }), {
    code: 'conflict',
    message: /is not the one that this database knows/,
  })
  await second.close()
})
