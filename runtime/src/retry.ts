import { parseDurationMs } from '@bookinfo/config'
import { AppError } from '@bookinfo/errors'
import type { Backoff } from './manifest/types.ts'

const defaultSteps = 5
const defaultDurationMs = 1_000
const nanosecondsPerMs = 1_000_000

/**
 * The pauses between the attempts of a retry strategy, in milliseconds: one less than there are attempts. Without a strategy there is
 * one attempt; a strategy without usable `steps` means five (argo-events.md 4.4). `random` gives numbers from 0 to 1. Throws `invalid`
 * for a strategy that Argo would refuse.
 */
export const retryDelaysMs = (strategy: Backoff | undefined, random: () => number): number[] => {
  if (strategy === undefined) return []
  const steps = strategy.steps !== undefined && strategy.steps > 0 ? strategy.steps : defaultSteps
  const durationMs = readDuration(strategy.duration)
  const factor = readAmount('factor', strategy.factor, 1)
  const jitter = readAmount('jitter', strategy.jitter, 1)
  return Array.from({ length: steps - 1 }, (_, step) => {
    const pauseMs = durationMs * (factor === 0 ? 1 : factor ** step)
    return jitter > 0 ? pauseMs * (1 + random() * jitter) : pauseMs
  })
}

const readDuration = (duration: string | number | undefined): number => {
  if (duration === undefined) return defaultDurationMs
  if (typeof duration === 'number') return duration / nanosecondsPerMs
  const durationMs = parseDurationMs(duration)
  if (durationMs === undefined)
    throw new AppError('invalid', `invalid backoff configuration: duration "${duration}" needs a unit, such as 2s`)
  return durationMs
}

const readAmount = (name: string, amount: number | string | undefined, fallback: number): number => {
  if (amount === undefined) return fallback
  if (typeof amount === 'number') return amount
  throw new AppError('invalid', `invalid backoff configuration: ${name} must be a number without quotes`)
}
