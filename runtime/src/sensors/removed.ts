import type { EventLog } from '@bookinfo/eventlog'
import type { Logger } from '@bookinfo/logging'
import { busEvent } from '../eventbus/bus.ts'
import type { State } from '../state/types.ts'

const readMax = 500
const idleMs = 10_000

/** A trigger that was renamed or removed may have a backlog: it is parked, so that nobody has to miss it, and the cursor goes. */
export const parkRemoved = async (needs: {
  eventLog: EventLog
  state: State
  names: readonly string[]
  logger: Logger
}): Promise<void> => {
  const { eventLog, state, names, logger } = needs
  for (const { name, inputs } of await state.forgotten(names)) {
    for (const { id, log, subject } of inputs) {
      const consumer = await eventLog.consumer({ log, name, start: 'latest', subjects: [subject] })
      const finished = new Set<string>()
      for (const [partition, committed] of consumer.committed()) {
        const ended = await state.finishedAfter({ inputId: id, partition, position: committed })
        for (const position of ended) finished.add(`${partition} ${position}`)
      }
      while ((await consumer.lag()) > finished.size) {
        const entries = await consumer.read({ max: readMax, signal: AbortSignal.timeout(idleMs) })
        if (entries.length === 0) break
        for (const entry of entries) {
          if (finished.has(`${entry.partition} ${entry.position}`)) continue
          await state.complete({
            finished: {
              inputId: id,
              partition: entry.partition,
              position: entry.position,
              eventId: entry.headers.ce_id ?? entry.id,
              origin: entry.origin,
              outcome: 'parked',
              attempts: [],
              reason: `trigger ${name} is not in the manifests any more`,
              traceId: null,
              startedAt: new Date(),
            },
            parking: { events: [{ dependency: '', event: busEvent(entry), headers: entry.headers }], retryAt: null },
          })
          finished.add(`${entry.partition} ${entry.position}`)
        }
      }
      await consumer.close()
      await eventLog.removeConsumer(log, name)
    }
    await state.retire(name)
    logger.warn('trigger removed, its backlog is parked', { consumer: name })
  }
}
