import type { EventLog } from './port.ts'

/** A domain event on its way to a topic: CloudEvents attributes in `headers` (`ce_id`, `ce_type`, …), data in `payload`. */
export type OutgoingEvent = {
  id: string
  topic: string
  key: string
  headers: Record<string, string>
  payload: Buffer
}

/** Where a service sends its domain events. */
export type Publisher = {
  /** Resolves when the broker has stored all of them durably, in this order for each key. */
  publish(events: readonly OutgoingEvent[]): Promise<void>
  close(): Promise<void>
}

/** The header that marks a record as sent again on purpose: it is not taken for a repeat of the first one. */
export const deadLetterHeader = 'dead-letter-id'

/** Publishes to topics that an event log carries; a repeated publish of one event id is one record. Closing it leaves the log open. */
export const createLogPublisher = (eventLog: Pick<EventLog, 'append'>): Publisher => ({
  publish: async (events) => {
    const byTopic = Map.groupBy(events, (event) => event.topic)
    await Promise.all([...byTopic].map(([topic, batch]) => eventLog.append(topic, batch.map(toEntry))))
  },
  close: async () => {},
})

/** A domain event as an entry of its topic's log. */
export const toEntry = ({ id, key, headers, payload }: OutgoingEvent) => {
  const entry = { id, key, headers, payload, subject: '' }
  if (headers[deadLetterHeader] !== undefined) return { ...entry, origin: 'replay' as const }
  return { ...entry, origin: 'internal' as const, dedupe: { key: id, fingerprint: '' } }
}
