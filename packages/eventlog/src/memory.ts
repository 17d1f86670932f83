import { createAppender } from './appender.ts'
import type { AppendCount, Appended, Consumer, ConsumerOptions, Entry, EventLog, NewEntry } from './port.ts'
import { createWakeUp, type WakeUp } from './signal.ts'

type OneLog = {
  entries: Entry[]
  wakeUps: Set<WakeUp>
  cursors: Map<string, Cursor>
  dedupe: Map<string, { id: string; fingerprint: string }>
}
type Cursor = { committed: number; holder: symbol | undefined }

const waitMs = 1_000

/** Event logs in memory, for tests: the same guarantees while the process lives, none after it. */
export const createMemoryEventLog = (): EventLog => {
  const logs = new Map<string, OneLog>()
  const open = (name: string): OneLog => {
    const opened = logs.get(name) ?? { entries: [], wakeUps: new Set(), cursors: new Map(), dedupe: new Map() }
    logs.set(name, opened)
    return opened
  }
  const appenders = new Map<string, ReturnType<typeof createAppender>>()
  const appender = (name: string) => {
    const known = appenders.get(name) ?? createAppender(async (entries) => store(open(name), entries))
    appenders.set(name, known)
    return known
  }
  return {
    append: (log, entries) => appender(log).append(entries),
    consumer: async (options) => openConsumer(open(options.log), options),
    removeConsumer: async (log, name) => void open(log).cursors.delete(name),
    consumers: async (log) => {
      const { entries, cursors } = open(log)
      return [...cursors].map(([name, { committed }]) => ({
        name,
        partition: 0,
        committed,
        lag: entries.length - committed,
      }))
    },
    counts: async (log) => count(open(log).entries),
    find: async (log, id) => open(log).entries.find((entry) => entry.id === id),
    close: async () => {
      await Promise.all([...appenders.values()].map(({ idle }) => idle()))
    },
  }
}

const store = ({ entries, wakeUps, dedupe: known }: OneLog, added: readonly NewEntry[]): Appended[] => {
  const appended = added.map(({ dedupe, ...fields }): Appended => {
    const name = `${fields.subject}\u001f${dedupe?.key}`
    const first = dedupe && known.get(name)
    if (first) return { duplicate: true, id: first.id, sameContent: first.fingerprint === dedupe.fingerprint }
    if (dedupe) known.set(name, { id: fields.id, fingerprint: dedupe.fingerprint })
    const entry = { ...fields, partition: 0, position: entries.length + 1, time: new Date() }
    entries.push(entry)
    return { duplicate: false, entry }
  })
  for (const wakeUp of wakeUps) wakeUp.wake()
  return appended
}

const openConsumer = (log: OneLog, { name, start, subjects }: ConsumerOptions): Consumer => {
  const cursor = log.cursors.get(name) ?? {
    committed: start === 'earliest' ? 0 : log.entries.length,
    holder: undefined,
  }
  log.cursors.set(name, cursor)
  const wakeUp = createWakeUp()
  log.wakeUps.add(wakeUp)
  const self = Symbol(name)
  const closed = new AbortController()
  let readUpTo = cursor.committed
  const isWanted = ({ subject }: Entry) => subjects === undefined || subjects.includes(subject)

  return {
    read: async ({ max, signal }) => {
      const until = AbortSignal.any([signal, closed.signal])
      while (!until.aborted) {
        if (cursor.holder === undefined) {
          cursor.holder = self
          readUpTo = cursor.committed
        }
        const found: Entry[] = []
        while (cursor.holder === self && found.length < max && readUpTo < log.entries.length) {
          const entry = log.entries[readUpTo] as Entry
          readUpTo += 1
          if (isWanted(entry)) found.push(entry)
        }
        if (found.length > 0) return found
        await wakeUp.wait({ limitMs: waitMs, signal: until })
      }
      return []
    },
    commit: async (_partition, position) => {
      cursor.committed = Math.max(cursor.committed, position)
    },
    committed: () => new Map([[0, cursor.committed]]),
    lag: async () => log.entries.slice(cursor.committed).filter(isWanted).length,
    close: async () => {
      closed.abort()
      log.wakeUps.delete(wakeUp)
      if (cursor.holder === self) cursor.holder = undefined
      for (const other of log.wakeUps) other.wake()
    },
  }
}

const count = (entries: readonly Entry[]): AppendCount[] =>
  [...Map.groupBy(entries, ({ subject, origin }) => `${origin} ${subject}`).values()].map((group) => {
    const { subject, origin } = group[0] as Entry
    return { subject, origin, count: group.length }
  })
