import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@bookinfo/errors'
import type { Pool } from './pool.ts'

const firstPauseMs = 50
const longestPauseMs = 2_000

/** Waits for a database that starts later than we do. `onWaiting` hears once why; after `timeoutMs` it is `unavailable`. */
export const waitForDatabase = async (
  pool: Pool,
  options: { timeoutMs: number; signal?: AbortSignal; onWaiting?: (reason: string) => void },
): Promise<void> => {
  const deadline = Date.now() + options.timeoutMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      await pool.query('SELECT 1')
      return
    } catch (cause) {
      if (pauseMs === firstPauseMs) options.onWaiting?.(cause instanceof Error ? cause.message : String(cause))
      if (Date.now() + pauseMs > deadline || options.signal?.aborted) {
        throw new AppError('unavailable', `the database did not answer within ${options.timeoutMs} ms`, { cause })
      }
      await delay(pauseMs, undefined, { signal: options.signal })
    }
  }
}

/** A readiness check: the database answers. */
export const pingCheck = (pool: Pool) => async (): Promise<void> => {
  await pool.query('SELECT 1')
}
