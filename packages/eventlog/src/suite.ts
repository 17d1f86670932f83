import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import type { Consumer, Entry, EventLog, NewEntry } from './port.ts'

/** Opens event logs on one and the same storage: a second one stands for another process, or for the same one after a restart. */
export type SuiteOptions = { open(): Promise<EventLog>; features: { survivesRestart: boolean } }

const event = (fields: Partial<NewEntry> = {}): NewEntry => ({
  id: randomUUID(),
  subject: 'source.event',
  key: '',
  headers: { ce_type: 'webhook' },
  payload: Buffer.from('{"n":1}'),
  origin: 'client',
  ...fields,
})

const never = new AbortController().signal

/** Reads until `count` entries came; the consumer gives them in pieces. */
export const readCount = async (consumer: Consumer, count: number): Promise<Entry[]> => {
  const entries: Entry[] = []
  while (entries.length < count) {
    const more = await consumer.read({ max: count - entries.length, signal: never })
    if (more.length === 0) break
    entries.push(...more)
  }
  return entries
}

const commitTo = (consumer: Consumer, entry: Entry | undefined): Promise<void> =>
  consumer.commit(entry?.partition ?? 0, entry?.position ?? 0)

/** What every event log guarantees; a backend's test calls it with a real server. */
export const describeEventLog = (name: string, { open, features }: SuiteOptions): void => {
  const newName = () => `log-${randomUUID()}.ünïcode`

  describe(name, () => {
    test('entries are read back in order with the bytes they were given', async () => {
      const eventLog = await open()
      const log = newName()
      const payloads = [
        Buffer.from('{"b":1,"a":12345678901234567890,"a":1.0}'),
        Buffer.from([0xff, 0xfe, 0x00, 0x80]),
        Buffer.from('text with a \0 inside'),
        Buffer.alloc(0),
        Buffer.from('日本語 😀'),
        Buffer.alloc(1_048_576, 'x'),
      ]
      const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
      const headers = { 'x-unknown': 'kept', 'ce-über': 'ä' }
      await eventLog.append(
        log,
        payloads.map((payload) => event({ payload, headers, key: 'k\u001f"' })),
      )
      const entries = await readCount(consumer, payloads.length)
      assert.deepEqual(
        entries.map(({ payload }) => payload.toString('hex')),
        payloads.map((payload) => payload.toString('hex')),
      )
      assert.deepEqual(entries[0]?.headers, headers)
      assert.equal(entries[0]?.key, 'k\u001f"')
      await eventLog.close()
    })

    test('concurrent appends of one caller each keep their order and lose nothing', async () => {
      const eventLog = await open()
      const log = newName()
      const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
      const appends = Array.from({ length: 300 }, (_, n) => eventLog.append(log, [event({ id: `e${n}` })]))
      const appended = await Promise.all(appends)
      const entries = await readCount(consumer, 300)
      assert.deepEqual(
        entries.map(({ id }) => id),
        Array.from({ length: 300 }, (_, n) => `e${n}`),
      )
      assert.deepEqual(
        appended.map(([one]) => one?.duplicate === false && one.entry.position),
        entries.map(({ position }) => position),
      )
      await eventLog.close()
    })

    test('a new consumer that starts at the latest sees only what comes after it', async () => {
      const eventLog = await open()
      const log = newName()
      await eventLog.append(log, [event({ id: 'before' })])
      const consumer = await eventLog.consumer({ log, name: 'late', start: 'latest' })
      await eventLog.append(log, [event({ id: 'after' })])
      assert.deepEqual(
        (await readCount(consumer, 1)).map(({ id }) => id),
        ['after'],
      )
      await eventLog.close()
    })

    test('a consumer of some subjects skips the others and counts only its own as lag', async () => {
      const eventLog = await open()
      const log = newName()
      const consumer = await eventLog.consumer({ log, name: 'some', start: 'earliest', subjects: ['b'] })
      await eventLog.append(
        log,
        ['a', 'b', 'a', 'b'].map((subject, n) => event({ id: `e${n}`, subject })),
      )
      assert.equal(await consumer.lag(), 2)
      const entries = await readCount(consumer, 2)
      assert.deepEqual(
        entries.map(({ id }) => id),
        ['e1', 'e3'],
      )
      await commitTo(consumer, entries[1])
      assert.equal(await consumer.lag(), 0)
      await eventLog.close()
    })

    test('what was read and not committed is read again by the next holder, what was committed is not', async () => {
      const eventLog = await open()
      const log = newName()
      const first = await eventLog.consumer({ log, name: 'shared', start: 'earliest' })
      await eventLog.append(log, [event({ id: 'e1' }), event({ id: 'e2' }), event({ id: 'e3' })])
      await commitTo(first, (await readCount(first, 3))[0])
      await first.close()
      const other = features.survivesRestart ? await open() : eventLog
      const second = await other.consumer({ log, name: 'shared', start: 'earliest' })
      assert.deepEqual(
        (await readCount(second, 2)).map(({ id }) => id),
        ['e2', 'e3'],
      )
      await other.close()
      await eventLog.close()
    })

    test('a commit never moves backwards', async () => {
      const eventLog = await open()
      const log = newName()
      const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
      await eventLog.append(log, [event(), event()])
      const [older, newer] = await readCount(consumer, 2)
      await commitTo(consumer, newer)
      await commitTo(consumer, older)
      assert.equal(await consumer.lag(), 0)
      await eventLog.close()
    })

    test('only one of two holders of a name reads, and the other one takes over when it closes', async () => {
      const eventLog = await open()
      const other = features.survivesRestart ? await open() : eventLog
      const log = newName()
      const first = await eventLog.consumer({ log, name: 'shared', start: 'earliest' })
      await eventLog.append(log, [event({ id: 'e1' })])
      const [e1] = await readCount(first, 1)
      const second = await other.consumer({ log, name: 'shared', start: 'earliest' })
      let taken: Entry[] = []
      const waiting = readCount(second, 1).then((entries) => {
        taken = entries
      })
      await eventLog.append(log, [event({ id: 'e2' })])
      assert.deepEqual(
        (await readCount(first, 1)).map(({ id }) => id),
        ['e2'],
      )
      await commitTo(first, e1)
      assert.deepEqual(taken, [])
      await first.close()
      await waiting
      assert.deepEqual(
        taken.map(({ id }) => id),
        ['e2'],
      )
      await other.close()
      await eventLog.close()
    })

    test('an entry with a dedupe key that stands already is answered with the first one', async () => {
      const eventLog = await open()
      const log = newName()
      const dedupe = { key: 'k', fingerprint: 'f' }
      const [first] = await eventLog.append(log, [event({ id: 'first', dedupe })])
      const [again, changed, elsewhere] = await Promise.all([
        eventLog.append(log, [event({ id: 'again', dedupe })]),
        eventLog.append(log, [event({ dedupe: { key: 'k', fingerprint: 'other' } })]),
        eventLog.append(log, [event({ subject: 'another', dedupe })]),
      ])
      assert.equal(first?.duplicate, false)
      assert.deepEqual(again, [{ duplicate: true, id: 'first', sameContent: true }])
      assert.deepEqual(changed, [{ duplicate: true, id: 'first', sameContent: false }])
      assert.equal(elsewhere?.[0]?.duplicate, false)
      const counts = (await eventLog.counts(log)).sort((a, b) => (a.subject < b.subject ? -1 : 1))
      assert.deepEqual(counts, [
        { subject: 'another', origin: 'client', count: 1 },
        { subject: 'source.event', origin: 'client', count: 1 },
      ])
      await eventLog.close()
    })

    test('many appends of one dedupe key at once are one entry', async () => {
      const eventLog = await open()
      const log = newName()
      const dedupe = { key: 'k', fingerprint: 'f' }
      const appended = await Promise.all(Array.from({ length: 50 }, () => eventLog.append(log, [event({ dedupe })])))
      assert.equal(appended.filter(([one]) => one?.duplicate === false).length, 1)
      await eventLog.close()
    })

    test('an entry is found by its id', async () => {
      const eventLog = await open()
      const log = newName()
      await eventLog.append(log, [event({ id: 'findme' })])
      assert.equal((await eventLog.find(log, 'findme'))?.id, 'findme')
      assert.equal(await eventLog.find(log, 'missing'), undefined)
      await eventLog.close()
    })

    test('a read that is aborted ends without entries', async () => {
      const eventLog = await open()
      const consumer = await eventLog.consumer({ log: newName(), name: 'reader', start: 'earliest' })
      const stop = new AbortController()
      const reading = consumer.read({ max: 1, signal: stop.signal })
      stop.abort()
      assert.deepEqual(await reading, [])
      await eventLog.close()
    })

    test('a reader far behind gets everything, in pieces of its choice', async () => {
      const eventLog = await open()
      const log = newName()
      const consumer = await eventLog.consumer({ log, name: 'slow', start: 'earliest' })
      for (let n = 0; n < 12; n += 1) {
        await eventLog.append(
          log,
          Array.from({ length: 500 }, (_, m) => event({ id: `${n * 500 + m}` })),
        )
      }
      const entries: Entry[] = []
      while (entries.length < 6_000) {
        const piece = await consumer.read({ max: 700, signal: never })
        assert.ok(piece.length <= 700)
        entries.push(...piece)
      }
      assert.deepEqual(
        entries.map(({ id }) => Number(id)),
        Array.from({ length: 6_000 }, (_, n) => n),
      )
      await eventLog.close()
    })

    test('a consumer in another process hears of new entries', { skip: !features.survivesRestart }, async () => {
      const [writer, reader] = [await open(), await open()]
      const log = newName()
      const consumer = await reader.consumer({ log, name: 'reader', start: 'earliest' })
      const reading = readCount(consumer, 1)
      await writer.append(log, [event({ id: 'e1' })])
      assert.deepEqual(
        (await reading).map(({ id }) => id),
        ['e1'],
      )
      await writer.close()
      await reader.close()
    })

    test('a consumer that was removed is not listed any more', async () => {
      const eventLog = await open()
      const log = newName()
      const consumer = await eventLog.consumer({ log, name: 'gone', start: 'earliest' })
      assert.deepEqual(
        (await eventLog.consumers(log)).map(({ name }) => name),
        ['gone'],
      )
      await consumer.close()
      await eventLog.removeConsumer(log, 'gone')
      await waitFor('an empty list', async () => (await eventLog.consumers(log)).length === 0)
      await eventLog.close()
    })
  })
}
