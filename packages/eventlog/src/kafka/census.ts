import type { Journal } from '../journal/journal.ts'
import type { Entry } from '../port.ts'
import { type Brokers, type Client, connectionTo, within } from './client.ts'
import type { Codec } from './codec.ts'
import { fetchPieces, isOutOfRange, partitionLeaders } from './fetch.ts'
import type { Topics } from './topics.ts'

const limitMs = 60_000
const fetchLimitMs = 5_000
const closeLimitMs = 2_000

/** Reads a log outside of every consumer: to note what nobody has read yet, and to look at one entry. */
export type Census = {
  /** Makes sure that everything the log held when it was asked is noted. */
  catchUp(log: string): Promise<void>
  entryAt(log: string, place: { partition: number; position: number }): Promise<Entry | undefined>
  close(): Promise<void>
}

type Needs = {
  brokers: Brokers
  topics: Topics
  journal: Journal
  topicOf: (log: string) => string
  codecOf: (log: string) => Codec
}

/** Opens the census; it belongs to no consumer group. */
export const createCensus = (client: Client, { brokers, topics, journal, topicOf, codecOf }: Needs): Census => {
  const consumer = new client.Consumer({ ...connectionTo(brokers), groupId: 'bookinfo-census' })
  consumer.on('error', () => {})
  const running = new Map<string, Promise<void>>()

  const readAfter = async (log: string, place: { partition: number; after: number }) => {
    const topic = topicOf(log)
    const node = (await partitionLeaders(consumer, topic)).get(place.partition) ?? 0
    const fetching = fetchPieces(consumer, { topic, node, wanted: [place], codec: codecOf(log) })
    const [piece] = await within(fetchLimitMs, `reading topic ${topic}`, fetching)
    return piece
  }
  const catchUp = async (log: string): Promise<void> => {
    const extents = await topics.extents(topicOf(log))
    const heads = await journal.heads(
      log,
      extents.map(({ partition }) => partition),
    )
    for (const { partition, from, upto } of extents) {
      const head = heads.find((one) => one.partition === partition)?.position ?? 0
      // What retention removed cannot be noted any more: the gap counts as read.
      if (head < from) await journal.noteAgain(log, { partition, from: head + 1, upto: from, entries: [] })
      for (let after = Math.max(head, from); after < upto; ) {
        const piece = await readAfter(log, { partition, after })
        if (piece === undefined) continue
        await journal.noteAgain(log, piece)
        after = piece.upto
      }
    }
  }
  return {
    // Whoever asks while one runs waits for the next one: the one that runs may have looked before.
    catchUp: (log) => {
      const before = running.get(log) ?? Promise.resolve()
      const next = before.catch(() => {}).then(() => within(limitMs, `reading log ${log}`, catchUp(log)))
      running.set(log, next)
      return next
    },
    entryAt: async (log, { partition, position }) => {
      try {
        const piece = await readAfter(log, { partition, after: position - 1 })
        return piece?.entries.find((entry) => entry.position === position)
      } catch (error) {
        if (isOutOfRange(error)) return undefined
        throw error
      }
    },
    close: () => within(closeLimitMs, 'closing', Promise.resolve(consumer.close())).catch(() => {}),
  }
}
