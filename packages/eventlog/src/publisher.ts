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

/** Publishes to topics that an event log carries; closing it leaves the log open. */
export const createLogPublisher = (eventLog: Pick<EventLog, 'append'>): Publisher => ({
  publish: async (events) => {
    for (const [topic, batch] of Map.groupBy(events, (event) => event.topic)) {
      await eventLog.append(
        topic,
        batch.map(({ id, key, headers, payload }) => ({
          id,
          key,
          headers,
          payload,
          subject: '',
          origin: 'internal',
          dedupe: { key: id, fingerprint: '' },
        })),
      )
    }
  },
  close: async () => {},
})
