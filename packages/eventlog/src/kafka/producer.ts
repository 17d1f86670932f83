import { describeError } from '@bookinfo/errors'
import { type Brokers, type Client, connectionTo, toBrokerError, within } from './client.ts'
import type { OutgoingRecord } from './codec.ts'
import type { Topics } from './topics.ts'

const sendLimitMs = 4_000
const closeLimitMs = 2_000
const allReplicas = -1

/** Where a record was stored. */
export type Stored = { partition: number; position: number }

export type Producer = {
  /**
   * Stores records of one topic together, in the order given for each key, on all replicas. When it rejects, the outcome is unknown.
   * Rejects with `unavailable` when the broker does not answer in time, with `tooLarge` when it will never take them.
   */
  send(topic: string, records: readonly OutgoingRecord[]): Promise<Stored[]>
  close(): Promise<void>
}

type Needs = { brokers: Brokers; topics: Topics; onProblem: (reason: string) => void }

/** Opens a producer. After a failure it begins anew, so that a batch of unknown fate cannot confuse the numbering of later ones. */
export const createProducer = (client: Client, { brokers, topics, onProblem }: Needs): Producer => {
  let opened: InstanceType<Client['Producer']> | undefined
  let isTroubled = false
  let turn = 0
  const open = () => {
    opened ??= new client.Producer({ ...connectionTo(brokers), idempotent: true, acks: allReplicas })
    return opened
  }
  const drop = () => {
    const dropped = opened
    opened = undefined
    if (dropped) Promise.resolve(dropped.close()).catch(() => {})
  }
  const partitionOf = (key: Buffer, count: number): number => {
    if (key.length === 0) return (turn += 1) % count
    return (client.murmur2(key) & 0x7f_ff_ff_ff) % count
  }
  const sendNow = async (topic: string, records: readonly OutgoingRecord[]): Promise<Stored[]> => {
    const { partitions: count } = await topics.ensure(topic)
    const messages = records.map(({ key, value, headers, time }) => {
      const bytes = Buffer.from(key)
      return {
        topic,
        value,
        partition: partitionOf(bytes, count),
        timestamp: BigInt(time.getTime()),
        headers: toHeaders(headers),
        ...(bytes.length > 0 && { key: bytes }),
      }
    })
    const { offsets = [] } = await open().send({ messages })
    const next = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]))
    return messages.map(({ partition }) => {
      const offset = next.get(partition) ?? 0
      next.set(partition, offset + 1)
      return { partition, position: offset + 1 }
    })
  }
  return {
    send: async (topic, records) => {
      try {
        const stored = await within(sendLimitMs, `storing in topic ${topic}`, sendNow(topic, records))
        isTroubled = false
        return stored
      } catch (cause) {
        const error = toBrokerError(`storing in topic ${topic}`, cause)
        if (error.code !== 'unavailable') throw error
        drop()
        if (!isTroubled) onProblem(describeError(cause))
        isTroubled = true
        throw error
      }
    },
    close: async () => {
      const closing = opened
      opened = undefined
      if (closing) await within(closeLimitMs, 'closing', Promise.resolve(closing.close())).catch(() => {})
    },
  }
}

const toHeaders = (headers: Record<string, string>): Map<Buffer, Buffer> =>
  new Map(Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]))
