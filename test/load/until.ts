import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 250

/** Asks until the condition holds; false when it does not within the limit. A condition that fails is asked again. */
export const until = async (condition: () => Promise<boolean>, { limitMs }: { limitMs: number }): Promise<boolean> => {
  const deadlineMs = performance.now() + limitMs
  while (performance.now() < deadlineMs) {
    if (await condition().catch(() => false)) return true
    await delay(pollMs)
  }
  return false
}
