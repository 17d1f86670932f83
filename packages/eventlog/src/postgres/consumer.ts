import { setTimeout as delay } from 'node:timers/promises'
import { type Pool, query } from '@bookinfo/database'
import type { Consumer, ConsumerOptions, Entry } from '../port.ts'
import type { WakeUp } from '../signal.ts'
import type { Tail } from '../tail.ts'
import { type EntryRow, entryColumns, toEntry } from './codec.ts'
import type { Session } from './session.ts'

const pollMs = 1_000
const takeOverPollMs = 250
const troublePauseMs = 200

type Needs = { pool: Pool; session: Session; tail: Tail; wakeUp: WakeUp; onClose: () => void }

/** Reads one log under one name: from memory while it keeps up with this process's appends, else from the table. */
export const createConsumer = (
  { pool, session, tail, wakeUp, onClose }: Needs,
  { log, name, subjects }: ConsumerOptions,
  start: number,
): Consumer => {
  const lockName = `consumer:${log}:${name}`
  const wanted = subjects === undefined ? undefined : new Set(subjects)
  const closed = new AbortController()
  let committed = start
  let readUpTo = start
  let wasHeld = false

  const holdLock = async (signal: AbortSignal): Promise<boolean> => {
    while (!signal.aborted) {
      if (session.isHeld(lockName)) return true
      if (await session.tryLock(lockName).catch(() => false)) {
        // Another holder may have worked meanwhile: its commits count, and what it left unfinished is read again.
        if (wasHeld || takenOver)
          readUpTo = committed = Math.max(committed, await readCommitted(pool, log, name, committed))
        takenOver = false
        wasHeld = true
        return true
      }
      takenOver = true
      await delay(takeOverPollMs, undefined, { signal }).catch(() => {})
    }
    return false
  }
  let takenOver = false

  const next = async (max: number): Promise<Entry[]> => {
    const recent = tail.after(readUpTo, max)
    if (recent !== undefined) {
      readUpTo = (recent.at(-1) as Entry).position
      return wanted === undefined ? recent : recent.filter(({ subject }) => wanted.has(subject))
    }
    const found = await readEntries(pool, { log, after: readUpTo, max, subjects })
    readUpTo = found.readUpTo
    return found.entries
  }

  return {
    read: async ({ max, signal }) => {
      const until = AbortSignal.any([signal, closed.signal])
      while (await holdLock(until)) {
        const before = readUpTo
        try {
          const entries = await next(max)
          if (until.aborted) return []
          if (entries.length > 0 && session.isHeld(lockName)) return entries
          if (readUpTo === before) await wakeUp.wait({ limitMs: pollMs, signal: until })
        } catch {
          // The database may come back; readiness tells about it meanwhile.
          await delay(troublePauseMs, undefined, { signal: until }).catch(() => {})
        }
      }
      return []
    },
    commit: async (_partition, position) => {
      if (position <= committed) return
      await query(pool, 'eventlog.commit', commitSql, [log, name, position])
      committed = Math.max(committed, position)
    },
    committed: () => new Map([[0, committed]]),
    lag: async () => {
      const { rows } = await query<{ lag: string }>(pool, 'eventlog.lag', lagSql, [log, committed, subjects ?? null])
      return Number(rows[0]?.lag ?? 0)
    },
    close: async () => {
      closed.abort()
      onClose()
      await session.unlock(lockName)
    },
  }
}

const commitSql = `
  UPDATE eventlog_cursors SET committed = $3 WHERE log = $1 AND name = $2 AND committed < $3`

const lagSql = `
  SELECT count(*) AS lag FROM eventlog_entries
  WHERE log = $1 AND position > $2 AND ($3::text[] IS NULL OR subject = ANY ($3))`

// The head comes from the same snapshot as the entries: what it covers and is not listed belongs to other subjects.
const readSql = `
  SELECT l.head, e.* FROM eventlog_logs l LEFT JOIN LATERAL (
    SELECT ${entryColumns} FROM eventlog_entries
    WHERE log = $1 AND position > $2 AND ($4::text[] IS NULL OR subject = ANY ($4)) ORDER BY position LIMIT $3
  ) e ON TRUE WHERE l.log = $1`

const readEntries = async (
  pool: Pool,
  { log, after, max, subjects }: { log: string; after: number; max: number; subjects: readonly string[] | undefined },
): Promise<{ entries: Entry[]; readUpTo: number }> => {
  const result = await query<EntryRow & { head: string; id: string | null }>(pool, 'eventlog.read', readSql, [
    log,
    after,
    max,
    subjects ?? null,
  ])
  const entries = result.rows.filter(({ id }) => id !== null).map(toEntry)
  const head = Number(result.rows[0]?.head ?? after)
  return { entries, readUpTo: entries.length < max ? Math.max(head, after) : (entries.at(-1) as Entry).position }
}

const readCommitted = async (pool: Pool, log: string, name: string, fallback: number): Promise<number> => {
  const sql = 'SELECT committed FROM eventlog_cursors WHERE log = $1 AND name = $2'
  const { rows } = await query<{ committed: string }>(pool, 'eventlog.cursor', sql, [log, name])
  return Number(rows[0]?.committed ?? fallback)
}
