import type { Entry } from '../port.ts'

const entriesMax = 4_000
const bytesMax = 32 * 1_048_576

/** What was found after a position, and how far nothing else lies. */
export type Found = { entries: Entry[]; upto: number }

/** The newest part of one log: consumers of this process share it, so that the stream is read once for all of them. */
export type Recent = {
  /** Adds everything that follows the newest position known here, up to `upto`. */
  add(entries: readonly Entry[], upto: number): void
  /** What comes after a position, at most `max` entries of the wanted subjects; undefined when not all of it is here. */
  after(position: number, options: { max: number; wanted: ReadonlySet<string> | undefined }): Found | undefined
  upto(): number
}

/** Begins with nothing, after a position. */
export const createRecent = (start: number): Recent => {
  let entries: Entry[] = []
  let bytes = 0
  let from = start
  let upto = start
  const drop = (count: number) => {
    const dropped = entries.slice(0, count)
    entries = entries.slice(count)
    from = dropped.at(-1)?.position ?? from
    for (const { payload } of dropped) bytes -= payload.length
  }
  return {
    add: (added, newUpto) => {
      for (const entry of added) {
        entries.push(entry)
        bytes += entry.payload.length
      }
      upto = newUpto
      if (entries.length > entriesMax) drop(entries.length - entriesMax / 2)
      while (bytes > bytesMax && entries.length > 1) drop(Math.ceil(entries.length / 2))
    },
    after: (position, { max, wanted }) => {
      if (position < from) return undefined
      const found: Entry[] = []
      for (let index = firstAfter(entries, position); index < entries.length; index += 1) {
        const entry = entries[index] as Entry
        if (wanted !== undefined && !wanted.has(entry.subject)) continue
        found.push(entry)
        if (found.length === max) return { entries: found, upto: entry.position }
      }
      return { entries: found, upto: Math.max(upto, position) }
    },
    upto: () => upto,
  }
}

const firstAfter = (entries: readonly Entry[], position: number): number => {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle] as Entry).position > position) high = middle
    else low = middle + 1
  }
  return low
}
