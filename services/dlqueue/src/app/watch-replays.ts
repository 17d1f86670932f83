import { setTimeout as delay } from 'node:timers/promises'
import { resolve } from '../domain.ts'
import type { DeliveryStatus, LetterStore } from '../ports.ts'
import type { DlqTelemetry } from '../telemetry.ts'

type Needs = { letters: LetterStore; deliveries: DeliveryStatus; telemetry: DlqTelemetry; now: () => Date }

const pageMax = 200
const busyPauseMs = 250
const idlePauseMs = 2_000
const watchMaxMs = 10 * 60_000

/** Closes replayed letters by itself once their event was applied. Looks often while some are open, and seldom otherwise. */
export const watchReplays = ({ letters, deliveries, telemetry, now }: Needs): { close(): Promise<void> } => {
  const stopped = new AbortController()

  const look = async (): Promise<number> => {
    const since = new Date(now().getTime() - watchMaxMs)
    const open = (await letters.list({ status: 'replayed' }, { offset: 0, limit: pageMax })).letters
    const recent = open.filter(({ lastReplayedAt }) => lastReplayedAt !== null && lastReplayedAt > since)
    await Promise.all(
      recent.map(async (letter) => {
        const { replayEventId, sensorName, failedTrigger } = letter
        if (replayEventId === null) return
        if (!(await deliveries.isApplied({ eventId: replayEventId, sensorName, failedTrigger }))) return
        const closed = resolve(letter, { by: 'delivery', now: now() })
        if (await letters.replace(closed)) telemetry.resolved(closed)
      }),
    )
    return recent.length
  }
  const run = async () => {
    while (!stopped.signal.aborted) {
      const open = await look().catch(() => 0)
      await delay(open > 0 ? busyPauseMs : idlePauseMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    close: async () => {
      stopped.abort()
      await running
    },
  }
}
