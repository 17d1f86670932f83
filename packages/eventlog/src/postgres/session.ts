import { setTimeout as delay } from 'node:timers/promises'
import { connect, type Pool, type PoolClient } from '@bookinfo/database'

const channel = 'eventlog'
const firstPauseMs = 50
const longestPauseMs = 1_000

/**
 * One long-lived connection: it holds this process's advisory locks and hears which logs others appended to. It comes back by itself;
 * locks held before a break count as lost.
 */
export type Session = {
  /** Tries to take a lock that one session in the whole database can hold; true while this session holds it. */
  tryLock(name: string): Promise<boolean>
  isHeld(name: string): boolean
  unlock(name: string): Promise<void>
  /** Tells other processes that a log has grown; many calls at once are one message. */
  announce(log: string): void
  close(): Promise<void>
}

type Options = { pool: Pool; onLog: (log: string) => void; onLost: () => void; onProblem: (error: unknown) => void }

/** Opens the session; resolves when it is connected for the first time. */
export const openSession = async ({ pool, onLog, onLost, onProblem }: Options): Promise<Session> => {
  const held = new Set<string>()
  const stopped = new AbortController()
  const dirty = new Set<string>()
  let client: PoolClient | undefined = await open(pool, onLog)
  let announcing = false
  let last: Promise<unknown> = Promise.resolve()
  /** The driver wants one query at a time on a connection. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }

  const watch = (opened: PoolClient) => {
    opened.once('end', () => {
      if (client !== opened) return
      opened.release(true)
      client = undefined
      held.clear()
      onLost()
      if (!stopped.signal.aborted) void reopen()
    })
  }
  const reopen = async () => {
    let problem = false
    for (let pauseMs = firstPauseMs; !stopped.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const opened = await open(pool, onLog)
        if (stopped.signal.aborted) return opened.release(true)
        client = opened
        watch(opened)
        return onLost()
      } catch (error) {
        if (!problem) onProblem(error)
        problem = true
        await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
      }
    }
  }
  watch(client)

  const announceAll = async () => {
    announcing = true
    while (dirty.size > 0 && client !== undefined) {
      const logs = [...dirty]
      dirty.clear()
      await inTurn(async () =>
        client?.query({ name: 'eventlog.notify', text: notifySql, values: [channel, logs] }),
      ).catch(() => {})
    }
    announcing = false
  }

  return {
    tryLock: async (name) => {
      if (client === undefined) return false
      if (held.has(name)) return true
      const taken = await inTurn(async () =>
        client?.query<{ ok: boolean }>({ name: 'eventlog.lock', text: lockSql, values: [name] }),
      )
      if (taken?.rows[0]?.ok) held.add(name)
      return held.has(name)
    },
    isHeld: (name) => held.has(name),
    unlock: async (name) => {
      if (!held.delete(name)) return
      await inTurn(async () => client?.query({ name: 'eventlog.unlock', text: unlockSql, values: [name] })).catch(
        () => {},
      )
    },
    announce: (log) => {
      dirty.add(log)
      if (!announcing) void announceAll()
    },
    close: async () => {
      stopped.abort()
      const closing = client
      client = undefined
      held.clear()
      closing?.release(true)
    },
  }
}

const lockSql = 'SELECT pg_try_advisory_lock(hashtextextended($1, 7)) AS ok'
const unlockSql = 'SELECT pg_advisory_unlock(hashtextextended($1, 7))'
const notifySql = 'SELECT pg_notify($1, log) FROM unnest($2::text[]) AS log'

const open = async (pool: Pool, onLog: (log: string) => void): Promise<PoolClient> => {
  const client = await connect(pool)
  client.on('notification', ({ payload }) => onLog(payload ?? ''))
  // Nothing written here must survive a crash: it only wakes readers.
  await client.query(`SET synchronous_commit = off; SET statement_timeout = 0; LISTEN ${channel}`)
  return client
}
