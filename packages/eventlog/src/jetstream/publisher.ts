import type { Logger } from '@bookinfo/logging'
import type { Send } from '../journal/append.ts'
import { type OutgoingEvent, type Publisher, toEntry } from '../publisher.ts'
import { type Connection, type NatsAddress, openConnection } from './connection.ts'
import { createPublish } from './publish.ts'
import { createLogStream } from './stream.ts'
import { ensureStream, streamLimits } from './streams.ts'

const batchMax = 250
const keptMs = 7 * 24 * 3_600_000

/**
 * Publishes to streams of JetStream: the stream, its subject and the topic have one name, CloudEvents attributes are `ce-*` headers, and
 * the message id is the event's, so that a repeated publish is one message. It connects in the background.
 */
export const createJetStreamPublisher = ({
  address,
  name,
  logger,
}: {
  address: NatsAddress
  /** What the connection is called on the server. */
  name: string
  logger: Pick<Logger, 'warn'>
}): Publisher => {
  const connection = openConnection(address, { logger, name })
  const sends = new Map<string, Send>()
  const sendTo = (topic: string): Send => {
    const known = sends.get(topic) ?? openTopic(connection, topic)
    sends.set(topic, known)
    return known
  }
  return {
    publish: async (events) => {
      const topics = [...Map.groupBy(events, ({ topic }) => topic)]
      await Promise.all(topics.map(([topic, batch]) => publishInTurn(sendTo(topic), batch)))
    },
    close: () => connection.close(),
  }
}

const openTopic = (connection: Connection, topic: string): Send => {
  const stream = createLogStream(connection, topic, (jsm, name) =>
    ensureStream(jsm, { name, limits: streamLimits, maxAgeMs: keptMs }),
  )
  return createPublish(connection, stream)
}

const publishInTurn = async (send: Send, events: readonly OutgoingEvent[]): Promise<void> => {
  for (let start = 0; start < events.length; start += batchMax)
    await send(events.slice(start, start + batchMax).map(toEntry), new Date())
}
