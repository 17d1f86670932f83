import type { Entry } from './port.ts'

const tailEntriesMax = 4_000
const tailBytesMax = 32 * 1_048_576

/**
 * The newest entries of one log that this process appended itself, without a gap: consumers in the same process take them from here
 * instead of reading them back.
 */
export type Tail = {
  add(entries: readonly Entry[]): void
  /** The entries after a position, at most `max`, none when it is the newest one here; undefined when they do not all stand here. */
  after(position: number, max: number): Entry[] | undefined
}

/** Creates an empty tail. */
export const createTail = (): Tail => {
  const entries: Entry[] = []
  let bytes = 0
  const drop = (count: number) => {
    for (const { payload } of entries.splice(0, count)) bytes -= payload.length
  }
  return {
    add: (added) => {
      const [first] = added
      const last = entries.at(-1)
      if (first === undefined) return
      if (last !== undefined && first.position !== last.position + 1) drop(entries.length)
      for (const entry of added) {
        entries.push(entry)
        bytes += entry.payload.length
      }
      if (entries.length > tailEntriesMax) drop(entries.length - tailEntriesMax / 2)
      while (bytes > tailBytesMax && entries.length > 1) drop(1)
    },
    after: (position, max) => {
      const [first] = entries
      if (first === undefined || position + 1 < first.position) return undefined
      const start = position + 1 - first.position
      return start > entries.length ? undefined : entries.slice(start, start + max)
    },
  }
}
