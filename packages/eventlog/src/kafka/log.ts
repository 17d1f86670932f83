import type { Pool } from '@bookinfo/database'
import { AppError, describeError } from '@bookinfo/errors'
import type { Logger } from '@bookinfo/logging'
import { type AppenderLimits, appenderLimits, createAppender } from '../appender.ts'
import { createStore, type Send } from '../journal/append.ts'
import { openJournal } from '../journal/journal.ts'
import type { Consumer, EventLog } from '../port.ts'
import { createCensus } from './census.ts'
import { type Brokers, loadClient } from './client.ts'
import { binaryCodec, structuredCodec } from './codec.ts'
import { createConsumer } from './consumer.ts'
import { createProducer } from './producer.ts'
import { createTopics, topicName } from './topics.ts'
import { waitForBroker } from './wait.ts'

export type KafkaEventLogOptions = {
  brokers: Brokers
  /** Keeps cursors, dedupe keys and what was noted of the logs; stays open when the log is closed. */
  pool: Pool
  logger: Pick<Logger, 'warn'>
  /** The topic of each log that carries an EventBus: its records are whole CloudEvents, as Argo writes them. */
  buses?: Readonly<Record<string, string>>
  /** Partitions of topics that are made here. */
  partitions?: number
  /** How long a reader may be silent before another one takes its partitions over. */
  sessionMs?: number
  appending?: AppenderLimits
}

const defaultPartitions = 3
const defaultSessionMs = 6_000
// A batch below a broker's default limit of one MiB, also when it is written as base64; and an answer within two seconds.
const defaultAppending: AppenderLimits = { ...appenderLimits, batchBytesMax: 524_288, waitMs: 1_500 }

/**
 * Event logs on Kafka, one topic each. The entries are there; what a broker cannot answer (who used a key, how many of which kind, how
 * far a reader is) stands in PostgreSQL.
 */
export const createKafkaEventLog = async (options: KafkaEventLogOptions): Promise<EventLog> => {
  const { brokers, pool, logger, buses = {}, appending = defaultAppending, sessionMs = defaultSessionMs } = options
  const client = await loadClient()
  const topics = createTopics(client, { brokers, partitions: options.partitions ?? defaultPartitions })
  await waitForBroker(client, { brokers, logger })
  const onProblem = (error: unknown) => logger.warn('Kafka out of reach, trying again', { error: describeError(error) })
  const journal = await openJournal({ pool, onProblem })
  const producer = createProducer(client, { brokers, topics, onProblem })
  const topicOf = (log: string) => buses[log] ?? topicName(log)
  const codecOf = (log: string) => (buses[log] === undefined ? binaryCodec : structuredCodec)
  const census = createCensus(client, { brokers, topics, journal, topicOf, codecOf })
  const consumers = new Set<Consumer>()
  const appenders = new Map<string, ReturnType<typeof createAppender>>()
  const appender = (log: string) => {
    const { encode } = codecOf(log)
    const send: Send = (entries, time) =>
      producer.send(
        topicOf(log),
        entries.map((entry) => encode(entry, time)),
      )
    const opened = appenders.get(log) ?? createAppender(createStore({ journal, send }, log), appending)
    appenders.set(log, opened)
    return opened
  }

  return {
    append: async (log, entries) => appender(log).append(entries),
    consumer: async (consumerOptions) => {
      const { log, name, start } = consumerOptions
      const topic = topicOf(log)
      const extents = await topics.extents(topic)
      await journal.bind(log, (await topics.ensure(topic)).id)
      const front = extents.map(({ partition, from, upto }) => ({
        partition,
        position: start === 'earliest' ? from : upto,
      }))
      const places = await journal.cursor({ log, name, start: front })
      if (places.some(({ partition, position }) => position > (extents[partition]?.upto ?? 0)))
        throw new AppError('conflict', `topic ${topic} ends before what was read from it: its brokers lost records`)
      // What lies behind the cursor must be counted before anybody compares counts with it.
      await census.catchUp(log)
      const onClose = () => void consumers.delete(consumer)
      const catchUp = () => census.catchUp(log)
      const needs = {
        client,
        brokers,
        topics,
        journal,
        topic,
        codec: codecOf(log),
        sessionMs,
        catchUp,
        onProblem,
        onClose,
      }
      const consumer = createConsumer(needs, consumerOptions, places)
      consumers.add(consumer)
      return consumer
    },
    removeConsumer: (log, name) => journal.remove({ log, name }),
    consumers: async (log) => {
      await census.catchUp(log)
      return journal.cursors(log)
    },
    counts: async (log) => {
      await census.catchUp(log)
      return journal.counts(log)
    },
    find: async (log, id) => {
      const place = (await journal.find(log, id)) ?? (await census.catchUp(log), await journal.find(log, id))
      return place && census.entryAt(log, place)
    },
    close: async () => {
      await Promise.all([...appenders.values()].map(({ idle }) => idle()))
      await Promise.all([...consumers].map((consumer) => consumer.close()))
      await Promise.all([producer.close(), census.close(), topics.close(), journal.close()])
    },
  }
}
