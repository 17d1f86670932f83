import type { Letter } from '../domain.ts'
import type { LetterFilter, LetterStore } from '../ports.ts'

/** Letters in memory: for tests and for running without a database; they end with the process. */
export const createMemoryLetters = (): LetterStore => {
  const byId = new Map<string, Letter>()
  return {
    addOnce: async (letter) => {
      const known = [...byId.values()].find((one) => isSame(one, letter))
      if (known) return { letter: known, isNew: false }
      byId.set(letter.id, letter)
      return { letter, isNew: true }
    },
    find: async (id) => byId.get(id),
    replace: async (letter) => {
      if (byId.get(letter.id)?.version !== letter.version - 1) return false
      byId.set(letter.id, letter)
      return true
    },
    list: async (filter, { offset, limit }) => {
      const found = [...byId.values()].filter((letter) => fits(letter, filter)).sort(newestFirst)
      return { letters: found.slice(offset, offset + limit), total: found.length }
    },
    depth: async () =>
      [...Map.groupBy(byId.values(), ({ status, eventSource }) => `${status} ${eventSource}`).values()].map((group) => {
        const { status, eventSource } = group[0] as Letter
        return { status, eventSource, count: group.length }
      }),
  }
}

const isSame = (a: Letter, b: Letter): boolean =>
  a.sensorName === b.sensorName && a.failedTrigger === b.failedTrigger && a.eventId === b.eventId

const newestFirst = (a: Letter, b: Letter): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1)

const fits = (letter: Letter, filter: LetterFilter): boolean =>
  (filter.status === undefined || letter.status === filter.status) &&
  (filter.eventSource === undefined || letter.eventSource === filter.eventSource) &&
  (filter.sensorName === undefined || letter.sensorName === filter.sensorName) &&
  (filter.failedTrigger === undefined || letter.failedTrigger === filter.failedTrigger) &&
  (filter.createdAfter === undefined || letter.createdAt >= filter.createdAfter) &&
  (filter.createdBefore === undefined || letter.createdAt <= filter.createdBefore)
