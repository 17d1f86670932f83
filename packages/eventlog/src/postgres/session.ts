import { setTimeout as delay } from 'node:timers/promises'
import { connect, type Pool, type PoolClient } from '@bookinfo/database'

const channel = 'eventlog'
const firstPauseMs = 50
const longestPauseMs = 1_000
const answerLimitMs = 5_000
const heartbeatMs = 5_000

/**
 * One long-lived connection: it holds this process's advisory locks and hears which logs others appended to. It comes back by itself;
 * locks held before a break count as lost.
 */
export type Session = {
  /** Tries to take a lock that one owner in the whole database can hold; true while this owner holds it. */
  tryLock(name: string, owner: symbol): Promise<boolean>
  isHeld(name: string, owner: symbol): boolean
  unlock(name: string, owner: symbol): Promise<void>
  /** Tells other processes that a log has grown; many calls at once are one message. */
  announce(log: string): void
  close(): Promise<void>
}

type Options = {
  pool: Pool
  /** Another process appended to this log. */
  onLog: (log: string) => void
  /** The connection was lost, or is back: locks are gone, messages may have been missed. */
  onBreak: () => void
  /** Said once for each break. */
  onProblem: (error: unknown) => void
}

/** Opens the session; resolves when it is connected for the first time. */
export const openSession = async ({ pool, onLog, onBreak, onProblem }: Options): Promise<Session> => {
  const owners = new Map<string, symbol>()
  const stopped = new AbortController()
  const announced = new Set<string>()
  let isAnnouncing = false
  let last: Promise<unknown> = Promise.resolve()
  let client: PoolClient | undefined

  const use = (opened: PoolClient) => {
    client = opened
    opened.once('end', () => lose(opened))
  }
  const lose = (lost: PoolClient) => {
    if (client !== lost) return
    client = undefined
    lost.release(true)
    owners.clear()
    onBreak()
    void reopen()
  }
  const reopen = async () => {
    let isReported = false
    for (let pauseMs = firstPauseMs; !stopped.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const opened = await open(pool, onLog)
        if (stopped.signal.aborted) return opened.release(true)
        use(opened)
        return onBreak()
      } catch (error) {
        if (!isReported) onProblem(error)
        isReported = true
        await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
      }
    }
  }
  /** Asks one thing at a time. These statements cannot fail but with their connection, so whatever fails ends it. */
  const ask = (statement: Statement, isStillWanted = () => true): Promise<{ ok?: boolean } | undefined> => {
    const answer = last.then(async () => {
      const asked = client
      if (asked === undefined || !isStillWanted()) return undefined
      try {
        const { rows } = await asked.query<{ ok?: boolean }>({
          ...statement,
          query_timeout: answerLimitMs,
        } as Statement)
        return client === asked ? rows[0] : undefined
      } catch {
        lose(asked)
        return undefined
      }
    })
    last = answer
    return answer
  }
  const announceAll = async () => {
    isAnnouncing = true
    while (announced.size > 0 && client !== undefined) {
      const logs = [...announced]
      announced.clear()
      await ask({ name: 'eventlog.notify', text: notifySql, values: [channel, logs] })
    }
    isAnnouncing = false
  }

  use(await open(pool, onLog))
  const heartbeat = setInterval(() => void ask({ name: 'eventlog.beat', text: 'SELECT true AS ok' }), heartbeatMs)
  heartbeat.unref()

  return {
    tryLock: async (name, owner) => {
      const isFree = () => !owners.has(name)
      const answer = await ask({ name: 'eventlog.lock', text: lockSql, values: [name] }, isFree)
      // Runs before the next statement's turn, which looks at the owners.
      if (answer?.ok) owners.set(name, owner)
      return owners.get(name) === owner
    },
    isHeld: (name, owner) => owners.get(name) === owner,
    unlock: async (name, owner) => {
      if (owners.get(name) !== owner) return
      await ask({ name: 'eventlog.unlock', text: unlockSql, values: [name] })
      if (owners.get(name) === owner) owners.delete(name)
    },
    announce: (log) => {
      announced.add(log)
      if (!isAnnouncing) void announceAll()
    },
    close: async () => {
      stopped.abort()
      clearInterval(heartbeat)
      const closing = client
      client = undefined
      owners.clear()
      closing?.release(true)
    },
  }
}

type Statement = { name: string; text: string; values?: unknown[] }

const lockSql = 'SELECT pg_try_advisory_lock(hashtextextended($1, 7)) AS ok'
const unlockSql = 'SELECT pg_advisory_unlock(hashtextextended($1, 7)) AS ok'
const notifySql = 'SELECT count(pg_notify($1, log)) > 0 AS ok FROM unnest($2::text[]) AS log'

const open = async (pool: Pool, onLog: (log: string) => void): Promise<PoolClient> => {
  const client = await connect(pool)
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    client.on('notification', ({ processId, payload }) => {
      if (processId !== rows[0]?.pid) onLog(payload ?? '')
    })
    // Nothing written here must survive a crash: it only wakes readers.
    await client.query(`SET synchronous_commit = off; SET statement_timeout = 0; LISTEN ${channel}`)
    return client
  } catch (error) {
    client.release(true)
    throw error
  }
}
