import type { Pool } from '@bookinfo/database'
import { describeError } from '@bookinfo/errors'
import type { Logger } from '@bookinfo/logging'
import { type AppenderLimits, appenderLimits, createAppender } from '../appender.ts'
import { createStore } from '../journal/append.ts'
import { openJournal } from '../journal/journal.ts'
import type { Consumer, EventLog, NewEntry } from '../port.ts'
import { openSession } from '../postgres/session.ts'
import { createWakeUp, type WakeUp } from '../signal.ts'
import { noteRest } from './census.ts'
import { type NatsAddress, openConnection } from './connection.ts'
import { createConsumer } from './consumer.ts'
import { type Feed, startFeed } from './feed.ts'
import { assertFits, createPublish } from './publish.ts'
import { openReader } from './reader.ts'
import { type Retention, regularly, trimStream } from './retention.ts'
import { createLogStream, type LogStream } from './stream.ts'
import { adoptStream, type StreamLimits, streamLimits } from './streams.ts'

export type JetStreamEventLogOptions = {
  address: NatsAddress
  /** Keeps cursors, dedupe keys and what was noted of the logs; stays open when the log is closed. */
  pool: Pool
  logger: Pick<Logger, 'warn'>
  limits?: StreamLimits
  retention?: Retention
  appending?: AppenderLimits
}

const startLimitMs = 60_000
const openLimitMs = 10_000
const feedLimitMs = 250
const defaultRetention: Retention = { ageMs: 7 * 24 * 3_600_000, bytes: 2 * 1_073_741_824 }

type OneLog = {
  stream: LogStream
  append: (entries: readonly NewEntry[]) => ReturnType<EventLog['append']>
  idle: () => Promise<void>
  wakeUps: Set<WakeUp>
  feed?: Promise<Feed>
  catchingUp?: Promise<void>
}

/**
 * Event logs on NATS JetStream, one stream each. The entries are there; what a stream cannot answer (who used a key, how many of which
 * kind, how far a reader is) stands in PostgreSQL, and so do the locks of readers.
 */
export const createJetStreamEventLog = async (options: JetStreamEventLogOptions): Promise<EventLog> => {
  const { address, pool, logger, limits = streamLimits, retention = defaultRetention } = options
  const onProblem = (error: unknown) =>
    logger.warn('JetStream in trouble, trying again', { error: describeError(error) })
  const connection = openConnection(address, { logger, name: 'event-driven-bookinfo' })
  await connection.opened(startLimitMs).catch(async (error) => {
    await connection.close()
    throw error
  })
  const journal = await openJournal({ pool, onProblem })
  const session = await openSession({ pool, onLog: () => {}, onBreak: () => logs.forEach(wake), onProblem })
  const logs = new Map<string, OneLog>()
  const consumers = new Set<Consumer>()
  const closed = new AbortController()
  const wake = ({ wakeUps }: OneLog) => wakeUps.forEach((wakeUp) => void wakeUp.wake())

  const open = (log: string): OneLog => {
    const known = logs.get(log)
    if (known !== undefined) return known
    const stream = createLogStream(connection, log, (jsm, name) => adoptStream(jsm, { name, limits }))
    const send = createPublish(connection, stream)
    const { append, idle } = createAppender(createStore({ journal, send }, log), options.appending ?? appenderLimits)
    const opened: OneLog = { stream, append, idle, wakeUps: new Set() }
    logs.set(log, opened)
    return opened
  }
  const readerOf =
    ({ stream }: OneLog) =>
    (after: number) =>
      openReader({ connection, stream: stream.open, after, onProblem })
  /** The feed begins where the journal ends, so that the journal has no gaps. */
  const feedOf = (log: string, one: OneLog): Promise<Feed> => {
    const begin = async () => {
      const [head] = await journal.heads(log, [0])
      const start = head?.position ?? 0
      return startFeed({ log, journal, start, reader: readerOf(one)(start), onNews: () => wake(one), onProblem })
    }
    one.feed ??= begin()
    one.feed.catch(() => delete one.feed)
    return one.feed
  }
  /** Makes sure that everything the log held when it was asked is noted; asks that come together share one look. */
  const catchUp = (log: string): Promise<void> => {
    const one = open(log)
    const look = async () => {
      const stream = await one.stream.look(await connection.opened(openLimitMs))
      const feed = await one.feed
      if (!stream.isEmpty) await feed?.reached(stream.upto, feedLimitMs)
      await noteRest({ log, journal, stream, openReader: readerOf(one) })
    }
    const before = one.catchingUp ?? Promise.resolve()
    one.catchingUp = before.catch(() => {}).then(look)
    return one.catchingUp
  }

  const trim = async () => {
    for (const [log, { stream }] of logs) {
      try {
        const link = connection.link()
        const committed = (await journal.cursors(log)).map((cursor) => cursor.committed)
        await trimStream(link.jsm, { stream: await stream.look(link), committed, retention })
      } catch (error) {
        if (connection.isOpen()) onProblem(error)
      }
    }
  }
  const trimming = regularly(trim, { signal: closed.signal })

  return {
    append: async (log, entries) => {
      const link = connection.link()
      for (const entry of entries) assertFits(link, entry)
      return open(log).append(entries)
    },
    consumer: async (consumerOptions) => {
      const { log, name, start } = consumerOptions
      const one = open(log)
      const { from, upto } = await one.stream.look(await connection.opened(openLimitMs))
      const position = start === 'earliest' ? from : upto
      const [place] = await journal.cursor({ log, name, start: [{ partition: 0, position }] })
      const { recent } = await feedOf(log, one)
      // What lies behind the cursor must be counted before anybody compares counts with it.
      await catchUp(log)
      const wakeUp = createWakeUp()
      one.wakeUps.add(wakeUp)
      const onClose = () => {
        one.wakeUps.delete(wakeUp)
        consumers.delete(consumer)
      }
      const needs = { journal, session, recent, openReader: readerOf(one), wakeUp, onProblem, onClose }
      const consumer = createConsumer(
        { ...needs, catchUp: () => catchUp(log) },
        consumerOptions,
        place?.position ?? position,
      )
      consumers.add(consumer)
      return consumer
    },
    removeConsumer: (log, name) => journal.remove({ log, name }),
    consumers: async (log) => {
      await catchUp(log)
      return journal.cursors(log)
    },
    counts: async (log) => {
      await catchUp(log)
      return journal.counts(log)
    },
    find: async (log, id) => {
      const place = (await journal.find(log, id)) ?? (await catchUp(log), await journal.find(log, id))
      return place && open(log).stream.entryAt(await connection.opened(openLimitMs), place.position)
    },
    close: async () => {
      closed.abort()
      await trimming
      await Promise.all([...logs.values()].map(({ idle }) => idle()))
      await Promise.all([...consumers].map((consumer) => consumer.close()))
      await Promise.all([...logs.values()].map(async ({ feed }) => (await feed)?.close()))
      await Promise.all([journal.close(), session.close(), connection.close()])
    },
  }
}
