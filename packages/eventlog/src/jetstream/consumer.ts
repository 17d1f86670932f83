import { setTimeout as delay } from 'node:timers/promises'
import type { Journal } from '../journal/journal.ts'
import type { Consumer, ConsumerOptions, Entry } from '../port.ts'
import type { Session } from '../postgres/session.ts'
import type { WakeUp } from '../signal.ts'
import type { Reader } from './reader.ts'
import type { Found, Recent } from './recent.ts'

const idleMs = 1_000
const takeOverPollMs = 250
const troublePauseMs = 200
const catchUpMax = 500
// How far the cursor may stay behind entries of other subjects; retention waits for it.
const passedMax = 1_000
const passedAgeMs = 10_000

type Needs = {
  journal: Journal
  session: Session
  recent: Recent
  /** A reader of its own, for what is older than what this process remembers. */
  openReader: (after: number) => Reader
  wakeUp: WakeUp
  catchUp: () => Promise<void>
  /** Said once for each time that reading fails. */
  onProblem: (error: unknown) => void
  onClose: () => void
}

/** Reads one log under one name: from memory while it keeps up, else from the stream. Cursor and lock are in the database. */
export const createConsumer = (needs: Needs, { log, name, subjects }: ConsumerOptions, start: number): Consumer => {
  const { journal, session, recent, openReader, wakeUp, catchUp, onProblem, onClose } = needs
  const lockName = `consumer:${log}:${name}`
  const owner = Symbol(lockName)
  const wanted = subjects === undefined ? undefined : new Set(subjects)
  const closed = new AbortController()
  let committed = start
  let delivered = start
  let readUpTo = start
  let passedAt = Date.now()
  let isTroubled = false
  let own: Reader | undefined

  const closeOwn = async () => {
    const closing = own
    own = undefined
    await closing?.close()
  }
  /** Another holder may have worked meanwhile: its commits count, and what it left unfinished is read again. */
  const takeLock = async (): Promise<boolean> => {
    if (!(await session.tryLock(lockName, owner))) return false
    try {
      const [place] = await journal.cursor({ log, name, start: [] })
      committed = Math.max(committed, place?.position ?? committed)
    } catch (error) {
      await session.unlock(lockName, owner)
      throw error
    }
    readUpTo = delivered = committed
    await closeOwn()
    return true
  }
  const fromStream = async (max: number, signal: AbortSignal): Promise<Found> => {
    own ??= openReader(readUpTo)
    const read = await own.next({ max: Math.min(max, catchUpMax), signal })
    const upto = read.at(-1)?.position ?? readUpTo
    const entries = await journal.note(log, { partition: 0, from: readUpTo + 1, upto, entries: read })
    return { entries: wanted === undefined ? entries : entries.filter(({ subject }) => wanted.has(subject)), upto }
  }
  const next = async (max: number, signal: AbortSignal): Promise<Found> => {
    const found = recent.after(readUpTo, { max, wanted })
    if (found === undefined) return fromStream(max, signal)
    if (own !== undefined) await closeOwn()
    return found
  }
  const commit = async (position: number): Promise<void> => {
    if (position <= committed) return
    await journal.commit({ log, name }, { partition: 0, position })
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
    const found = await next(max, until)
    if (until.aborted || !session.isHeld(lockName, owner)) return []
    const isNews = found.upto !== readUpTo
    readUpTo = found.upto
    delivered = found.entries.at(-1)?.position ?? delivered
    if (found.entries.length > 0) return found.entries
    await passOthers()
    if (!isNews) await wakeUp.wait({ limitMs: idleMs, signal: until })
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
          await closeOwn()
          await delay(troublePauseMs, undefined, { signal: until }).catch(() => {})
        }
      }
      return []
    },
    commit: (_partition, position) => commit(position),
    committed: () => new Map([[0, committed]]),
    lag: async () => {
      await catchUp()
      return journal.lag({ log, name, subjects })
    },
    close: async () => {
      closed.abort()
      onClose()
      await closeOwn()
      await session.unlock(lockName, owner)
    },
  }
}
