import { setTimeout as delay } from 'node:timers/promises'
import type { OutboxRelay } from './port.ts'
import type { OutgoingEvent, Publisher } from '../publisher.ts'

const batchMax = 500
const retryDelayMs = 200

/** An outbox beside memory storage: keeps order and tries again while the process lives; like the rows, it ends with it. */
export type MemoryOutbox = OutboxRelay & { add(event: OutgoingEvent): void }

/** Creates an empty outbox that publishes in the background. */
export const createMemoryOutbox = ({ publisher }: { publisher: Publisher }): MemoryOutbox => {
  const waiting: OutgoingEvent[] = []
  const stopped = new AbortController()
  let running: Promise<void> | undefined

  const publishAll = async () => {
    while (waiting.length > 0 && !stopped.signal.aborted) {
      const batch = waiting.slice(0, batchMax)
      try {
        await publisher.publish(batch)
        waiting.splice(0, batch.length)
      } catch {
        // The broker may come back; the events wait here until it does or the process ends.
        await delay(retryDelayMs, undefined, { signal: stopped.signal }).catch(() => {})
      }
    }
  }
  const wake = () => {
    if (waiting.length === 0 || stopped.signal.aborted) return
    running ??= publishAll().finally(() => {
      running = undefined
      wake()
    })
  }
  return {
    add: (event) => {
      waiting.push(event)
      wake()
    },
    wake,
    backlog: async () => waiting.length,
    drained: async () => {
      while (running !== undefined) await running
    },
    close: async () => {
      stopped.abort()
      await running
    },
  }
}
