import { setTimeout as delay } from 'node:timers/promises'
import type { Journal } from '../journal/journal.ts'
import type { Entry } from '../port.ts'
import { createRecent, type Recent } from './recent.ts'
import type { Reader } from './reader.ts'

const pieceMax = 500
const troublePauseMs = 200

/** Reads a log once for this process: notes each piece in the journal, then gives it to whoever follows. */
export type Feed = {
  recent: Recent
  /** Resolves when everything up to the position is noted, or after `limitMs`. */
  reached(position: number, limitMs: number): Promise<void>
  close(): Promise<void>
}

type Needs = {
  log: string
  journal: Journal
  start: number
  reader: Reader
  /** Something new is there. */
  onNews: () => void
  onProblem: (error: unknown) => void
}

/** Starts feeding after the position `start`. */
export const startFeed = ({ log, journal, start, reader, onNews, onProblem }: Needs): Feed => {
  const recent = createRecent(start)
  const stopped = new AbortController()
  const waiters = new Set<() => void>()

  const run = async () => {
    while (!stopped.signal.aborted) {
      const entries = await reader.next({ max: pieceMax, signal: stopped.signal })
      const last = entries.at(-1)
      if (last === undefined) continue
      const noted = await noteSurely(entries, last.position)
      if (noted === undefined) return
      recent.add(noted, last.position)
      onNews()
      for (const look of waiters) look()
    }
  }
  /** Nobody may see an entry that is not noted, so this waits until the database takes it. */
  const noteSurely = async (entries: readonly Entry[], upto: number): Promise<Entry[] | undefined> => {
    for (let isReported = false; !stopped.signal.aborted; isReported = true) {
      try {
        return await journal.note(log, { partition: 0, from: recent.upto() + 1, upto, entries })
      } catch (error) {
        if (!isReported) onProblem(error)
        await delay(troublePauseMs, undefined, { signal: stopped.signal }).catch(() => {})
      }
    }
    return undefined
  }
  const running = run()

  return {
    recent,
    reached: (position, limitMs) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiters.delete(look)
          resolve()
        }
        const look = () => void (recent.upto() >= position && end())
        const timer = setTimeout(end, limitMs)
        waiters.add(look)
        look()
      }),
    close: async () => {
      stopped.abort()
      await reader.close()
      await running
    },
  }
}
