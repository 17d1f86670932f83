/** Wakes whoever waits for news; a wake-up with nobody waiting is kept for the next one. */
export type WakeUp = {
  wake(): void
  /** Resolves at the next wake-up, after `limitMs` at the latest, or when the signal aborts. */
  wait(options: { limitMs: number; signal: AbortSignal }): Promise<void>
}

/** Creates a wake-up for one waiter. */
export const createWakeUp = (): WakeUp => {
  let isPending = false
  let resume: (() => void) | undefined
  return {
    wake: () => {
      if (resume) resume()
      else isPending = true
    },
    wait: ({ limitMs, signal }) =>
      new Promise((resolve) => {
        if (isPending || signal.aborted) {
          isPending = false
          return resolve()
        }
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          resume = undefined
          resolve()
        }
        const timer = setTimeout(end, limitMs)
        signal.addEventListener('abort', end, { once: true })
        resume = end
      }),
  }
}
