import { applyMigrations, type Pool, query } from '@bookinfo/database'
import { describeError } from '@bookinfo/errors'
import type { Logger } from '@bookinfo/logging'
import { type AppenderLimits, appenderLimits, createAppender } from '../appender.ts'
import type { AppendCount, Consumer, Entry, EventLog } from '../port.ts'
import { createWakeUp, type WakeUp } from '../signal.ts'
import { createTail, type Tail } from '../tail.ts'
import { appendBatch, assertStorable, type LogLimits } from './append.ts'
import { type EntryRow, entryColumns, toEntry } from './codec.ts'
import { createConsumer, type News } from './consumer.ts'
import { type Retention, trimRegularly } from './retention.ts'
import { schema } from './schema.ts'
import { openSession } from './session.ts'

export type PostgresEventLogOptions = {
  /** Stays open when the log is closed. */
  pool: Pool
  logger: Pick<Logger, 'warn'>
  /** False when no other process reads these logs: spares one message per batch. */
  announces?: boolean
  limits?: LogLimits
  appending?: AppenderLimits
  retention?: Retention
}

const defaultLimits: LogLimits = { entriesMax: 20_000_000, bytesMax: 20 * 1_073_741_824 }
const defaultRetention: Retention = { ageMs: 7 * 24 * 3_600_000, bytes: 2 * 1_073_741_824 }

type OneLog = { tail: Tail; news: News; wakeUps: Set<WakeUp>; append: ReturnType<typeof createAppender> }

/** Event logs in PostgreSQL: durable appends in shared commits, delivery from memory inside this process, hand-over between processes. */
export const createPostgresEventLog = async (options: PostgresEventLogOptions): Promise<EventLog> => {
  const { pool, logger, announces = true, limits = defaultLimits, retention = defaultRetention } = options
  await applyMigrations(pool, schema, 'eventlog_migrations')
  const logs = new Map<string, OneLog>()
  const consumers = new Set<Consumer>()
  const closed = new AbortController()
  const wake = (one: OneLog) => one.wakeUps.forEach((wakeUp) => void wakeUp.wake())
  const look = (one: OneLog | undefined) => {
    if (one === undefined) return
    one.news.count += 1
    wake(one)
  }
  const onProblem = (error: unknown) =>
    logger.warn('event log out of reach, trying again', { error: describeError(error) })
  const session = await openSession({
    pool,
    onLog: (name) => look(logs.get(name)),
    onBreak: () => [...logs.values()].forEach(look),
    onProblem,
  })

  const open = (name: string): OneLog => {
    const known = logs.get(name)
    if (known !== undefined) return known
    const tail = createTail()
    const append = createAppender(async (entries) => {
      const appended = await appendBatch(pool, { log: name, entries, limits })
      tail.add(appended.flatMap((one): Entry[] => (one.duplicate ? [] : [one.entry])))
      wake(opened)
      if (announces) session.announce(name)
      return appended
    }, options.appending ?? appenderLimits)
    const opened: OneLog = { tail, news: { count: 0 }, wakeUps: new Set(), append }
    logs.set(name, opened)
    return opened
  }

  const trimming = trimRegularly({ pool, retention, signal: closed.signal, onProblem })

  return {
    append: async (log, entries) => {
      entries.forEach(assertStorable)
      return open(log).append.append(entries)
    },
    consumer: async (consumerOptions) => {
      const { log, name, start } = consumerOptions
      const { tail, news, wakeUps } = open(log)
      const { rows } = await query<{ committed: string }>(pool, 'eventlog.register', registerSql, [log, name, start])
      const wakeUp = createWakeUp()
      wakeUps.add(wakeUp)
      const onClose = () => {
        wakeUps.delete(wakeUp)
        consumers.delete(consumer)
      }
      const needs = { pool, session, tail, news, wakeUp, onProblem, onClose }
      const consumer = createConsumer(needs, consumerOptions, Number(rows[0]?.committed))
      consumers.add(consumer)
      return consumer
    },
    removeConsumer: async (log, name) => {
      await query(pool, 'eventlog.forget', 'DELETE FROM eventlog_cursors WHERE log = $1 AND name = $2', [log, name])
    },
    consumers: async (log) => {
      const { rows } = await query<{ name: string; committed: string; lag: string }>(
        pool,
        'eventlog.consumers',
        consumersSql,
        [log],
      )
      return rows.map(({ name, committed, lag }) => ({
        name,
        partition: 0,
        committed: Number(committed),
        lag: Number(lag),
      }))
    },
    counts: async (log) => {
      const sql = 'SELECT subject, origin, count FROM eventlog_counts WHERE log = $1'
      const { rows } = await query<AppendCount & { count: string }>(pool, 'eventlog.counts', sql, [log])
      return rows.map((row) => ({ ...row, count: Number(row.count) }))
    },
    find: async (log, id) => {
      const sql = `SELECT ${entryColumns} FROM eventlog_entries WHERE id = $2 AND log = $1 ORDER BY position LIMIT 1`
      const row = (await query<EntryRow>(pool, 'eventlog.find', sql, [log, id])).rows[0]
      return row && toEntry(row)
    },
    close: async () => {
      closed.abort()
      await trimming
      await Promise.all([...logs.values()].map(({ append }) => append.idle()))
      await Promise.all([...consumers].map((consumer) => consumer.close()))
      await session.close()
    },
  }
}

// The log's row is made first, so that a consumer of a log nobody wrote to yet has a head to wait behind.
const registerSql = `
  WITH made AS (INSERT INTO eventlog_logs (log) VALUES ($1) ON CONFLICT DO NOTHING),
  known AS (SELECT head, floor FROM eventlog_logs WHERE log = $1)
  INSERT INTO eventlog_cursors AS c (log, name, committed)
  SELECT $1, $2, coalesce((SELECT CASE WHEN $3 = 'earliest' THEN floor ELSE head END FROM known), 0)
  ON CONFLICT (log, name) DO UPDATE SET committed = c.committed RETURNING committed`

const consumersSql = `
  SELECT c.name, c.committed, l.head - c.committed AS lag
  FROM eventlog_cursors c JOIN eventlog_logs l ON l.log = c.log WHERE c.log = $1 ORDER BY c.name`
