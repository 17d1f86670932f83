import { setTimeout as delay } from 'node:timers/promises'
import { connect, type Pool, type PoolClient } from '@bookinfo/database'
import { AppError, describeError, errorCodes } from '@bookinfo/errors'
import type { Logger } from '@bookinfo/logging'
import type { OutgoingEvent, Publisher } from '../publisher.ts'
import { createWakeUp } from '../signal.ts'
import type { OutboxRelay } from './port.ts'

const batchMax = 500
const pollMs = 1_000
const firstPauseMs = 50
const longestPauseMs = 5_000

type Row = { seq: string; id: string; topic: string; key: string; headers: string; payload: string }

type Options = {
  pool: Pool
  publisher: Publisher
  logger: Pick<Logger, 'warn' | 'info'>
  /** Hears of an event that the broker will never take; it stays in the table, marked. */
  onSetAside?: (id: string, reason: string) => void
}

/**
 * Publishes what the outbox holds, oldest first, and deletes what the broker has acknowledged. One relay a database works at a time;
 * when the broker is away it waits with growing pauses and says so once.
 */
export const createOutboxRelay = ({ pool, publisher, logger, onSetAside }: Options): OutboxRelay => {
  const wakeUp = createWakeUp()
  const stopped = new AbortController()
  const waiters: (() => void)[] = []

  /** Resolves with what the broker has acknowledged. */
  const publish = async (client: PoolClient, rows: readonly Row[]): Promise<string[]> => {
    try {
      await publisher.publish(rows.map(toEvent))
      return rows.map(({ seq }) => seq)
    } catch (error) {
      if (!isHopeless(error)) throw error
      if (rows.length === 1) {
        await setAside(client, rows[0] as Row, describeError(error))
        return []
      }
      const published: string[] = []
      for (const row of rows) published.push(...(await publish(client, [row])))
      return published
    }
  }
  const setAside = async (client: PoolClient, row: Row, reason: string) => {
    await client.query('UPDATE outbox SET failed_at = now(), error = $2 WHERE seq = $1', [row.seq, reason])
    onSetAside?.(row.id, reason)
  }
  const work = async (client: PoolClient): Promise<void> => {
    const { rows } = await client.query<{ ok: boolean }>(lockSql)
    if (!rows[0]?.ok) return wakeUp.wait({ limitMs: pollMs, signal: stopped.signal })
    while (!stopped.signal.aborted) {
      const asked = waiters.length
      let rows = await next(client, [])
      while (rows.length > 0) {
        rows = await next(client, await publish(client, rows))
        if (stopped.signal.aborted) return
      }
      for (const resolve of waiters.splice(0, asked)) resolve()
      if (waiters.length === 0) await wakeUp.wait({ limitMs: pollMs, signal: stopped.signal })
    }
  }
  const run = async () => {
    let pauseMs = firstPauseMs
    let client: PoolClient | undefined
    while (!stopped.signal.aborted) {
      try {
        client ??= await openClient(pool)
        await work(client)
        pauseMs = firstPauseMs
      } catch (error) {
        client?.release(true)
        client = undefined
        if (pauseMs === firstPauseMs)
          logger.warn('events cannot be published, trying again', { error: describeError(error) })
        await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      }
    }
    client?.release(true)
    for (const resolve of waiters) resolve()
  }
  const running = run()

  return {
    wake: wakeUp.wake,
    backlog: async () => {
      const { rows } = await pool.query<{ n: string }>('SELECT count(*) AS n FROM outbox WHERE failed_at IS NULL')
      return Number(rows[0]?.n)
    },
    drained: () =>
      new Promise((resolve) => {
        waiters.push(resolve)
        wakeUp.wake()
      }),
    close: async () => {
      stopped.abort()
      await running
    },
  }
}

const lockSql = "SELECT pg_try_advisory_lock(hashtextextended('outbox-relay', 11)) AS ok"
/** Forgets what is published and reads what comes next, in one round trip. */
const next = async (client: PoolClient, published: readonly string[]): Promise<Row[]> => {
  const { rows } = await client.query<Row>({ name: 'outbox.next', text: nextSql, values: [published, batchMax] })
  return rows
}

const nextSql = `
  WITH forgotten AS (DELETE FROM outbox WHERE seq = ANY ($1::bigint[]))
  SELECT seq, id, topic, key, headers, payload FROM outbox
  WHERE failed_at IS NULL AND seq <> ALL ($1::bigint[]) ORDER BY seq LIMIT $2`

const openClient = async (pool: Pool): Promise<PoolClient> => {
  const client = await connect(pool)
  // A delete that a crash undoes only means that the event is published again under its id, which is one record.
  await client.query('SET synchronous_commit = off')
  return client
}

const toEvent = ({ id, topic, key, headers, payload }: Row): OutgoingEvent => ({
  id,
  topic,
  key,
  headers: JSON.parse(headers) as Record<string, string>,
  payload: Buffer.from(payload),
})

const isHopeless = (error: unknown): boolean => error instanceof AppError && !errorCodes[error.code].isRetryable
