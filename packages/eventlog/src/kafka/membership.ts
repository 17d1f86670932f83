import { setTimeout as delay } from 'node:timers/promises'
import type { Consumer as KafkaConsumer } from '@platformatic/kafka'
import { type Brokers, type Client, connectionTo, within } from './client.ts'

const closeLimitMs = 2_000
const pauseMs = 250
const watchMs = 1_000
const heartbeatsPerSession = 3

/** A place in a consumer group. */
export type Membership = {
  consumer: KafkaConsumer
  /** Tells the group how far this reader is, for those who look at Kafka; the journal is what counts. */
  tell(partition: number, position: number): void
  close(): Promise<void>
}

type Options = {
  brokers: Brokers
  topic: string
  group: string
  /** How long a member may be silent before others take over. */
  sessionMs: number
  /** Hears which partitions are this reader's from now on. */
  onAssigned: (partitions: readonly number[]) => void
  onProblem: (error: unknown) => void
}

/** Joins a consumer group and stays in it, through restarts of the broker, until it is closed. */
export const joinGroup = (client: Client, options: Options): Membership => {
  const { brokers, topic, group, sessionMs, onAssigned, onProblem } = options
  const session = {
    sessionTimeout: sessionMs,
    rebalanceTimeout: sessionMs,
    heartbeatInterval: Math.floor(sessionMs / heartbeatsPerSession),
    // A newcomer takes from others only what it must have: what is in work stays where it is.
    protocols: [{ name: 'cooperative-sticky', version: 1 }],
  }
  // A request to join waits until everybody has joined, so it may take longer than others.
  const consumer = new client.Consumer({
    ...connectionTo(brokers),
    groupId: group,
    requestTimeout: 2 * sessionMs + 2_000,
    ...session,
  })
  const stopped = new AbortController()
  consumer.on('error', () => {})
  consumer.on('consumer:group:join', ({ assignments = [] }) =>
    onAssigned(assignments.filter((one) => one.topic === topic).flatMap(({ partitions }) => partitions)),
  )
  consumer.topics.track(topic)

  const stay = async () => {
    while (!stopped.signal.aborted) {
      try {
        if (!consumer.isActive()) await consumer.joinGroup(session)
        while (consumer.isActive()) await delay(watchMs, undefined, { signal: stopped.signal })
        // The client joins again by itself after a rebalance; only what stays out needs help.
        await delay(2 * sessionMs, undefined, { signal: stopped.signal })
      } catch (error) {
        if (stopped.signal.aborted) return
        onProblem(error)
        await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
      }
    }
  }
  const staying = stay()

  const told = new Map<number, number>()
  let isTelling = false
  const tellAll = async () => {
    isTelling = true
    while (told.size > 0 && consumer.isActive()) {
      const offsets = [...told].map(([partition, position]) => ({
        topic,
        partition,
        offset: BigInt(position),
        leaderEpoch: -1,
      }))
      told.clear()
      await consumer.commit({ offsets }).catch(() => {})
    }
    isTelling = false
  }
  return {
    consumer,
    tell: (partition, position) => {
      told.set(partition, position)
      if (!isTelling) void tellAll()
    },
    close: async () => {
      stopped.abort()
      // Closing alone would let a join that is on its way finish, and leave a member behind that nobody reads for.
      await within(closeLimitMs, 'leaving', Promise.resolve(consumer.leaveGroup(true))).catch(() => {})
      await within(closeLimitMs, 'closing', Promise.resolve(consumer.close(true))).catch(() => {})
      await staying
    },
  }
}
