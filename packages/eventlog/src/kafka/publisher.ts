import type { Logger } from '@bookinfo/logging'
import type { OutgoingEvent, Publisher } from '../publisher.ts'
import { type Brokers, loadClient } from './client.ts'
import { createProducer, type Producer } from './producer.ts'
import { createTopics } from './topics.ts'

const partitions = 3
// Below a broker's default limit of one MiB for what is stored together.
const batchMaxBytes = 524_288

/**
 * Publishes to topics on Kafka: the data as the value, CloudEvents attributes as headers, events of one key in one partition. A
 * repeated publish is a second record with the same `ce_id`, by which readers know it. Nothing is dialled before the first publish.
 */
export const createKafkaPublisher = ({
  brokers,
  logger,
}: {
  brokers: Brokers
  logger: Pick<Logger, 'warn'>
}): Publisher => {
  let opened: ReturnType<typeof open> | undefined
  const open = async () => {
    const client = await loadClient()
    const topics = createTopics(client, { brokers, partitions })
    const onProblem = (reason: string) => logger.warn('Kafka out of reach', { error: reason })
    return { topics, producer: createProducer(client, { brokers, topics, onProblem }) }
  }
  return {
    publish: async (events) => {
      const { producer } = await (opened ??= open())
      await Promise.all(
        [...Map.groupBy(events, ({ topic }) => topic)].map(([topic, batch]) => publishTo(producer, topic, batch)),
      )
    },
    close: async () => {
      const closing = await opened
      await closing?.producer.close()
      await closing?.topics.close()
    },
  }
}

const publishTo = async (producer: Producer, topic: string, events: readonly OutgoingEvent[]): Promise<void> => {
  const time = new Date()
  for (const batch of inBatches(events)) {
    await producer.send(
      topic,
      batch.map(({ key, headers, payload }) => ({ key, headers, value: payload, time })),
    )
  }
}

const inBatches = (events: readonly OutgoingEvent[]): OutgoingEvent[][] => {
  const batches: OutgoingEvent[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const event of events) {
    if (bytes + event.payload.length > batchMaxBytes) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)?.push(event)
    bytes += event.payload.length
  }
  return batches
}
