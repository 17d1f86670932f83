import type { Consumer as KafkaConsumer } from '@platformatic/kafka'
import type { Piece } from '../journal/journal.ts'
import { isProtocolError } from './client.ts'
import type { Codec } from './codec.ts'

type FetchResponse = Awaited<ReturnType<KafkaConsumer['fetch']>>

const fetchWaitMs = 500
const fetchMaxBytes = 8 * 1_048_576
const partitionMaxBytes = 1_048_576
// Never relied on: aborted records of other producers are recognised by their event ids, if at all they are events.
const readUncommitted = 0

/** A position of a partition from which on records are wanted. */
export type Wanted = { partition: number; after: number }

/** Which broker leads each partition of a topic. */
export const partitionLeaders = async (consumer: KafkaConsumer, topic: string): Promise<Map<number, number>> => {
  const { topics } = await consumer.metadata({ topics: [topic] })
  return new Map(topics.get(topic)?.partitions.map(({ leader }, partition) => [partition, leader]))
}

/**
 * Asks one broker for what comes after the wanted places; waits a moment when nothing does. `isGone` names a place whose records were
 * removed from the front of the log.
 */
export const fetchPieces = async (
  consumer: KafkaConsumer,
  { topic, node, wanted, codec }: { topic: string; node: number; wanted: readonly Wanted[]; codec: Codec },
): Promise<Piece[]> => {
  const { topics } = await consumer.metadata({ topics: [topic] })
  const topicId = topics.get(topic)?.id
  if (topicId === undefined) return []
  const partitions = wanted.map(({ partition, after }) => ({
    partition,
    fetchOffset: BigInt(after),
    partitionMaxBytes,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
  }))
  const response = await consumer.fetch({
    node,
    topics: [{ topicId, partitions }],
    minBytes: 1,
    maxBytes: fetchMaxBytes,
    maxWaitTime: fetchWaitMs,
    isolationLevel: readUncommitted,
  })
  return readPieces(response, { topic, wanted, codec })
}

/** Whether a fetch failed because what it asked for is not kept any more. */
export const isOutOfRange = (error: unknown): boolean => isProtocolError(error, 'OFFSET_OUT_OF_RANGE')

const controlBatch = 0b100000

const readPieces = (
  response: FetchResponse,
  { topic, wanted, codec }: { topic: string; wanted: readonly Wanted[]; codec: Codec },
): Piece[] => {
  const after = new Map(wanted.map((one) => [one.partition, one.after]))
  return response.responses.flatMap(({ partitions }) =>
    partitions.flatMap(({ partitionIndex: partition, records: batches }): Piece[] => {
      const start = after.get(partition)
      const last = batches?.at(-1)
      if (start === undefined || !batches || last === undefined) return []
      const entries = batches
        .filter(({ attributes }) => (attributes & controlBatch) === 0)
        .flatMap(({ firstOffset, firstTimestamp, records }) =>
          records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
            topic,
            partition,
            position: Number(firstOffset) + offsetDelta + 1,
            time: new Date(Number(firstTimestamp + timestampDelta)),
            key,
            value,
            headers,
          })),
        )
        .filter(({ position }) => position > start)
        .map(codec.decode)
      return [{ partition, from: start + 1, upto: Number(last.firstOffset) + last.lastOffsetDelta + 1, entries }]
    }),
  )
}
