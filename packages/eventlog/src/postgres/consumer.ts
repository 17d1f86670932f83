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
// How far the cursor may stay behind entries of other subjects; retention waits for it.
const passedMax = 1_000
const passedAgeMs = 10_000

/** Counts what may have changed in a log without this process's doing. */
export type News = { count: number }

type Needs = {
  pool: Pool
  session: Session
  tail: Tail
  news: News
  wakeUp: WakeUp
  /** Said once for each time that reading fails. */
  onProblem: (error: unknown) => void
  onClose: () => void
}

/** Reads one log under one name: from memory while it keeps up with this process's appends, else from the table. */
export const createConsumer = (
  { pool, session, tail, news, wakeUp, onProblem, onClose }: Needs,
  { log, name, subjects }: ConsumerOptions,
  start: number,
): Consumer => {
  const lockName = `consumer:${log}:${name}`
  const owner = Symbol(lockName)
  const wanted = subjects === undefined ? undefined : new Set(subjects)
  const closed = new AbortController()
  let committed = start
  let delivered = start
  let readUpTo = start
  let passedAt = Date.now()
  let looked = { at: 0, news: -1 }
  let isTroubled = false

  /** Another holder may have worked meanwhile: its commits count, and what it left unfinished is read again. */
  const takeLock = async (): Promise<boolean> => {
    if (!(await session.tryLock(lockName, owner))) return false
    try {
      committed = Math.max(committed, await readCommitted(pool, log, name, committed))
    } catch (error) {
      await session.unlock(lockName, owner)
      throw error
    }
    readUpTo = delivered = committed
    return true
  }

  const next = async (max: number): Promise<Piece> => {
    const recent = tail.after(readUpTo, max)
    const last = recent?.at(-1)
    if (recent !== undefined && last !== undefined) {
      const entries = wanted === undefined ? recent : recent.filter(({ subject }) => wanted.has(subject))
      return { entries, readUpTo: last.position }
    }
    const isCurrent = looked.news === news.count && Date.now() - looked.at < pollMs
    if (recent !== undefined && isCurrent) return { entries: [], readUpTo }
    looked = { at: Date.now(), news: news.count }
    return readEntries(pool, { log, after: readUpTo, max, subjects })
  }

  const commit = async (position: number): Promise<void> => {
    if (position <= committed) return
    await query(pool, 'eventlog.commit', commitSql, [log, name, position])
    committed = Math.max(committed, position)
  }

  /** What is not for us must not keep retention waiting. */
  const passOthers = async (): Promise<void> => {
    const isDue = readUpTo - committed >= passedMax || Date.now() - passedAt >= passedAgeMs
    if (!isDue || committed < delivered) return
    passedAt = Date.now()
    await commit(readUpTo)
  }

  const take = async (max: number, until: AbortSignal): Promise<Entry[]> => {
    if (!session.isHeld(lockName, owner) && !(await takeLock())) {
      await delay(takeOverPollMs, undefined, { signal: until }).catch(() => {})
      return []
    }
    const piece = await next(max)
    if (until.aborted || !session.isHeld(lockName, owner)) return []
    const isNews = piece.readUpTo !== readUpTo
    readUpTo = piece.readUpTo
    delivered = piece.entries.at(-1)?.position ?? delivered
    if (piece.entries.length > 0) return piece.entries
    await passOthers()
    if (!isNews) await wakeUp.wait({ limitMs: pollMs, signal: until })
    return []
  }

  return {
    read: async ({ max, signal }) => {
      const until = AbortSignal.any([signal, closed.signal])
      while (!until.aborted) {
        try {
          const entries = await take(max, until)
          isTroubled = false
          if (entries.length > 0) return entries
        } catch (error) {
          if (!isTroubled && !until.aborted) onProblem(error)
          isTroubled = true
          await delay(troublePauseMs, undefined, { signal: until }).catch(() => {})
        }
      }
      return []
    },
    commit: (_partition, position) => commit(position),
    committed: () => new Map([[0, committed]]),
    lag: async () => {
      const { rows } = await query<{ lag: string }>(pool, 'eventlog.lag', lagSql, [log, committed, subjects ?? null])
      return Number(rows[0]?.lag ?? 0)
    },
    close: async () => {
      closed.abort()
      onClose()
      await session.unlock(lockName, owner)
    },
  }
}

/** What was found after a position, and how far nothing else is for this consumer. */
type Piece = { entries: Entry[]; readUpTo: number }

const commitSql = `
  UPDATE eventlog_cursors SET committed = $3 WHERE log = $1 AND name = $2 AND committed < $3`

const lagSql = `
  SELECT count(*) AS lag FROM eventlog_entries
  WHERE log = $1 AND position > $2 AND ($3::text[] IS NULL OR subject = ANY ($3))`

const pieceMaxBytes = 16 * 1_048_576

// The head comes from the same snapshot as the entries: what it covers and is not listed belongs to other subjects.
const readSql = `
  SELECT l.head, e.* FROM eventlog_logs l LEFT JOIN LATERAL (
    SELECT *, sum(octet_length(payload)) OVER (ORDER BY position) - octet_length(payload) AS bytes_before FROM (
      SELECT ${entryColumns} FROM eventlog_entries
      WHERE log = $1 AND position > $2 AND ($4::text[] IS NULL OR subject = ANY ($4)) ORDER BY position LIMIT $3
    ) found
  ) e ON e.bytes_before < $5 WHERE l.log = $1 ORDER BY e.position`

type ReadRow = EntryRow & { head: string; id: string | null }

const readEntries = async (
  pool: Pool,
  { log, after, max, subjects }: { log: string; after: number; max: number; subjects: readonly string[] | undefined },
): Promise<Piece> => {
  const values = [log, after, max, subjects ?? null, pieceMaxBytes]
  const { rows } = await query<ReadRow>(pool, 'eventlog.read', readSql, values)
  const entries = rows.filter(({ id }) => id !== null).map(toEntry)
  const head = Number(rows[0]?.head ?? after)
  const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0)
  const isAll = entries.length < max && bytes < pieceMaxBytes / 2
  return { entries, readUpTo: isAll ? Math.max(head, after) : (entries.at(-1)?.position ?? after) }
}

const readCommitted = async (pool: Pool, log: string, name: string, fallback: number): Promise<number> => {
  const sql = 'SELECT committed FROM eventlog_cursors WHERE log = $1 AND name = $2'
  const { rows } = await query<{ committed: string }>(pool, 'eventlog.cursor', sql, [log, name])
  return Number(rows[0]?.committed ?? fallback)
}
