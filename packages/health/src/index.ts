/** Resolves when the dependency answers, rejects when it does not. */
export type Check = () => Promise<void>

export type Readiness = { isReady: true } | { isReady: false; failing: string; reason: string }

/** Whether this process should get traffic. */
export type Health = {
  /** Adds a named check that readiness depends on. */
  addCheck(name: string, check: Check): void
  /** Runs the checks; not ready names the first one that fails, or says `draining` or `starting`. */
  readiness(): Promise<Readiness>
  /** From now on ready, as far as the checks agree. */
  started(): void
  /** From now on not ready: traffic should go elsewhere while requests in flight end. */
  draining(): void
}

const checkTimeoutMs = 3_000

/** Starts as not ready. */
export const createHealth = (): Health => {
  const checks = new Map<string, Check>()
  let phase: 'starting' | 'running' | 'draining' = 'starting'
  return {
    addCheck: (name, check) => void checks.set(name, check),
    started: () => {
      phase = 'running'
    },
    draining: () => {
      phase = 'draining'
    },
    readiness: async () => {
      if (phase !== 'running') return { isReady: false, failing: phase, reason: phase }
      const results = await Promise.all([...checks].map(([name, check]) => runCheck(name, check)))
      return results.find((result) => !result.isReady) ?? { isReady: true }
    },
  }
}

const runCheck = async (name: string, check: Check): Promise<Readiness> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs)
  })
  try {
    await Promise.race([check(), timeout])
    return { isReady: true }
  } catch (error) {
    return { isReady: false, failing: name, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
