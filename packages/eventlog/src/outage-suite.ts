import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { waitFor } from '@bookinfo/testing'
import type { Consumer, EventLog, NewEntry } from './port.ts'

/** A server of its own that the suite may end, pause and start again on the same port and data. */
export type OutageServer = {
  pid(): number
  stop(signal: 'SIGKILL'): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

export type OutageOptions<Server extends OutageServer> = {
  startServer(): Promise<Server>
  /** Opens the logs on that server; `warn` hears every line that would be logged. */
  open(server: Server, warn: () => void): Promise<EventLog>
}

const refusalMaxMs = 2_500
const backMaxMs = 30_000
const linesMax = 6
const outageMs = 3_000

const event = (id: string): NewEntry => ({
  id,
  subject: 's',
  key: 'k',
  headers: {},
  payload: Buffer.from(id),
  origin: 'client',
})

/** What every event log on a broker guarantees while the broker is killed, paused and started again. */
export const describeOutages = <Server extends OutageServer>(name: string, options: OutageOptions<Server>): void => {
  describe(`${name}, with its broker in trouble`, () => {
    let server: Server
    before(async () => {
      server = await options.startServer()
    })
    after(() => server.remove())

    const start = async () => {
      const lines = { count: 0 }
      const eventLog = await options.open(server, () => (lines.count += 1))
      const log = `outage-${randomUUID()}`
      const consumer = await eventLog.consumer({ log, name: 'reader', start: 'earliest' })
      const reading = collect(consumer)
      const accepted: string[] = []
      const append = (id: string): Promise<string> =>
        eventLog.append(log, [event(id)]).then(
          () => (accepted.push(id), 'stored'),
          (error) => error.code as string,
        )
      const appendSurely = (id: string) =>
        waitFor(`a success for ${id}`, async () => (await append(id)) === 'stored', { limitMs: backMaxMs })
      const close = async () => {
        await reading.stop()
        await eventLog.close()
      }
      return { eventLog, log, lines, reading, accepted, append, appendSurely, close }
    }

    /** Works while the server stands still; that it does shows when it takes nothing more. */
    const whilePaused = async (append: (id: string) => Promise<string>, work: () => Promise<void>) => {
      process.kill(server.pid(), 'SIGSTOP')
      try {
        await waitFor('a refusal', async () => (await append(randomUUID())) === 'unavailable')
        await work()
      } finally {
        process.kill(server.pid(), 'SIGCONT')
      }
    }

    test('what was acknowledged before and after the broker is killed is read, in order and once', async () => {
      const { reading, accepted, append, appendSurely, close } = await start()
      let n = 0
      const load = async (signal: AbortSignal) => {
        while (!signal.aborted) {
          await append(`e${String((n += 1)).padStart(6, '0')}`)
          await delay(1)
        }
      }
      const stop = new AbortController()
      const loading = load(stop.signal)
      for (let round = 0; round < 2; round += 1) {
        const before = accepted.length
        await waitFor('some successes', () => accepted.length > before + 50, { limitMs: backMaxMs })
        await server.stop('SIGKILL')
        await server.start()
      }
      stop.abort()
      await loading
      await appendSurely('last')
      await waitFor('the last one', () => reading.ids.includes('last'), { limitMs: backMaxMs })
      const known = new Set(accepted)
      assert.deepEqual(
        reading.ids.filter((id) => known.has(id)),
        accepted,
      )
      assert.equal(new Set(reading.ids).size, reading.ids.length)
      await close()
    })

    test('a broker that is paused refuses in time, and goes on when it is awake', async () => {
      const { reading, append, appendSurely, close } = await start()
      await appendSurely('before')
      await whilePaused(append, async () => {
        const startMs = performance.now()
        assert.equal(await append('lost'), 'unavailable')
        assert.ok(performance.now() - startMs < refusalMaxMs)
      })
      await appendSurely('after')
      await waitFor('both', () => reading.ids.includes('before') && reading.ids.includes('after'), {
        limitMs: backMaxMs,
      })
      await close()
    })

    test('a broker that is gone for a while costs a few log lines, not a storm', async () => {
      const { lines, append, appendSurely, reading, close } = await start()
      await server.stop('SIGKILL')
      const until = performance.now() + outageMs
      await waitFor('the outage to have lasted', async () => (await append('x'), performance.now() > until))
      await server.start()
      await appendSurely('back')
      await waitFor('it to be read', () => reading.ids.includes('back'), { limitMs: backMaxMs })
      assert.ok(lines.count <= linesMax, `${lines.count} lines`)
      await close()
    })

    test('a key whose append was refused in an outage is one event when its caller repeats it', async () => {
      const { eventLog, log, reading, append: appendOther, appendSurely, close } = await start()
      const dedupe = { key: 'k', fingerprint: 'f' }
      const keyed = new Set<string>()
      const append = () => {
        const one = { ...event(randomUUID()), dedupe }
        keyed.add(one.id)
        return eventLog.append(log, [one])
      }
      await whilePaused(appendOther, () => assert.rejects(append(), { code: 'unavailable' }))
      await waitFor('a success', () => append().then(Boolean, () => false), { limitMs: backMaxMs })
      await append()
      await appendSurely('after')
      await waitFor('all', () => reading.ids.includes('after'), { limitMs: backMaxMs })
      assert.equal(reading.ids.filter((id) => keyed.has(id)).length, 1)
      await close()
    })
  })
}

const collect = (consumer: Consumer) => {
  const ids: string[] = []
  const stopped = new AbortController()
  const run = async () => {
    while (!stopped.signal.aborted)
      for (const { id } of await consumer.read({ max: 100, signal: stopped.signal })) ids.push(id)
  }
  const running = run()
  return {
    ids,
    stop: async () => {
      stopped.abort()
      await running
    },
  }
}
