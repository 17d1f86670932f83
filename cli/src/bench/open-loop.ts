import { setTimeout as delay } from 'node:timers/promises'

const wakeMs = 1
const inFlightMax = 4_000

export type LoopResult = { sent: number; failed: number; durationMs: number; latenciesMs: number[] }

/**
 * Sends at a given rate whatever the answers do (Poisson arrivals). Latency counts from the moment at which a call was due, so a
 * product that stalls cannot hide it by slowing its callers down.
 */
export const openLoop = async (
  { ratePerSecond, durationMs }: { ratePerSecond: number; durationMs: number },
  send: (index: number) => Promise<void>,
): Promise<LoopResult> => {
  const latenciesMs: number[] = []
  const running = new Set<Promise<void>>()
  const startMs = performance.now()
  let dueMs = startMs
  let sent = 0
  let failed = 0
  const call = async (due: number, index: number) => {
    try {
      await send(index)
      latenciesMs.push(performance.now() - due)
    } catch {
      failed += 1
    }
  }
  while (dueMs - startMs < durationMs) {
    for (; dueMs <= performance.now() && dueMs - startMs < durationMs; dueMs += gapMs(ratePerSecond)) {
      sent += 1
      if (running.size >= inFlightMax) failed += 1
      else {
        const running1 = call(dueMs, sent - 1).finally(() => running.delete(running1))
        running.add(running1)
      }
    }
    await delay(wakeMs)
  }
  await Promise.all(running)
  return { sent, failed, durationMs: performance.now() - startMs, latenciesMs }
}

const gapMs = (ratePerSecond: number): number => (-Math.log(1 - Math.random()) / ratePerSecond) * 1_000
