import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@bookinfo/errors'
import { type Brokers, type Client, connectionTo, toBrokerError, within } from './client.ts'

const limitMs = 5_000
const pollMs = 50
const nameMaxCharacters = 249
// A dead letter of 8 MiB still fits when it is written as base64.
const recordMaxBytes = 16 * 1_048_576
const retentionMs = 7 * 24 * 3_600_000

/** What a partition holds: positions after `from`, up to `upto`. */
export type Extent = { partition: number; from: number; upto: number }

/** A topic as its brokers know it; one that is made anew has another id. */
export type Topic = { id: string; partitions: number }

export type Topics = {
  /** Makes the topic when there is none. */
  ensure(topic: string): Promise<Topic>
  /** What each partition holds now. */
  extents(topic: string): Promise<Extent[]>
  close(): Promise<void>
}

/** Looks after topics. One that exists is left as it is. */
export const createTopics = (
  client: Client,
  { brokers, partitions }: { brokers: Brokers; partitions: number },
): Topics => {
  const admin = new client.Admin(connectionTo(brokers))
  const known = new Map<string, Promise<Topic>>()

  const make = async (topic: string): Promise<Topic> => {
    const configs = [
      { name: 'max.message.bytes', value: String(recordMaxBytes) },
      { name: 'retention.ms', value: String(retentionMs) },
    ]
    // Whether it exists already, or may not be made by us, shows when it is looked up.
    const made = await admin.createTopics({ topics: [topic], partitions, configs }).then(
      () => undefined,
      (error: unknown) => error,
    )
    for (const deadline = Date.now() + limitMs; Date.now() < deadline; await delay(pollMs)) {
      try {
        const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true })
        const { id = '', partitionsCount = 0 } = topics.get(topic) ?? {}
        if (partitionsCount > 0) return { id, partitions: partitionsCount }
      } catch (error) {
        if (made !== undefined) throw error
      }
    }
    throw new AppError('unavailable', `topic ${topic} did not come to be within ${limitMs} ms`)
  }
  const listed = async (topic: string, count: number, timestamp: bigint): Promise<Map<number, number>> => {
    const asked = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp }))
    const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions: asked }] })
    return new Map(found?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]))
  }
  const ensure = (topic: string): Promise<Topic> => {
    const found = known.get(topic) ?? within(limitMs, `looking up topic ${topic}`, make(topic))
    known.set(topic, found)
    return found.catch((cause) => {
      known.delete(topic)
      throw toBrokerError(`looking up topic ${topic}`, cause)
    })
  }
  return {
    ensure,
    extents: async (topic) => {
      const { partitions: count } = await ensure(topic)
      try {
        const work = Promise.all([listed(topic, count, earliest), listed(topic, count, latest)])
        const [from, upto] = await within(limitMs, `asking where topic ${topic} ends`, work)
        return Array.from({ length: count }, (_, partition) => ({
          partition,
          from: from.get(partition) ?? 0,
          upto: upto.get(partition) ?? 0,
        }))
      } catch (cause) {
        throw toBrokerError(`asking where topic ${topic} ends`, cause)
      }
    },
    close: () => within(limitMs, 'closing', Promise.resolve(admin.close())).catch(() => {}),
  }
}

const earliest = -2n
const latest = -1n

/** A topic's name for a log's: the same where Kafka allows it, else without the characters it forbids, and with a hash of the whole. */
export const topicName = (log: string): string => {
  if (/^[\w.-]+$/.test(log) && log.length <= nameMaxCharacters && log !== '.' && log !== '..') return log
  const hash = createHash('sha256').update(log).digest('hex').slice(0, 16)
  return `${log.replace(/[^\w.-]+/g, '_').slice(0, nameMaxCharacters - hash.length - 1)}-${hash}`
}
