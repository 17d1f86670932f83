/** What a scheduled piece of work may do about its place. */
export type Slot = {
  /** Gives the place to others while the work waits, and takes one again before it resolves. Resolves with false when it was stopped. */
  pause(durationMs: number): Promise<boolean>
}

/** Runs work of one key strictly in order and work of different keys side by side, up to a limit. */
export type Scheduler = {
  /** `work` starts when everything of its key before it has ended and a place is free. */
  schedule(key: string, work: (slot: Slot) => Promise<void>): void
  running(): number
  pausing(): number
  /** Starts nothing more and ends pauses; resolves when what runs has ended. */
  stop(): Promise<void>
}

/** Creates a scheduler with `max` places. */
export const createScheduler = ({ max }: { max: number }): Scheduler => {
  const queues = new Map<string, ((slot: Slot) => Promise<void>)[]>()
  const waiting: (() => void)[] = []
  const stopped = new AbortController()
  let free = max
  let pauses = 0
  let active = 0
  let onIdle: (() => void) | undefined

  const enter = (): Promise<void> | undefined => {
    if (free > 0) {
      free -= 1
      return undefined
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const slot: Slot = {
    pause: async (durationMs) => {
      leave()
      pauses += 1
      await sleep(durationMs, stopped.signal)
      pauses -= 1
      await enter()
      return !stopped.signal.aborted
    },
  }
  const drain = async (key: string, queue: ((slot: Slot) => Promise<void>)[]) => {
    active += 1
    for (;;) {
      const work = queue[0]
      if (work === undefined || stopped.signal.aborted) break
      const entering = enter()
      if (entering) await entering
      try {
        if (!stopped.signal.aborted) await work(slot)
      } finally {
        leave()
        queue.shift()
      }
    }
    queues.delete(key)
    active -= 1
    if (active === 0) onIdle?.()
  }

  return {
    schedule: (key, work) => {
      const queue = queues.get(key)
      if (queue !== undefined) return void queue.push(work)
      const started = [work]
      queues.set(key, started)
      void drain(key, started)
    },
    running: () => max - free,
    pausing: () => pauses,
    stop: () => {
      stopped.abort()
      for (const resume of waiting.splice(0)) resume()
      return active === 0 ? Promise.resolve() : new Promise((resolve) => (onIdle = resolve))
    },
  }
}

const sleep = (durationMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, durationMs)
    signal.addEventListener('abort', end, { once: true })
  })
