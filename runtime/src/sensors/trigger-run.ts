import type { CloudEvent } from '../event.ts'
import type { Attempt } from '../state/types.ts'
import type { TriggerKinds } from '../triggers/kinds.ts'
import { runAttempts } from './attempts.ts'
import { failureHeader } from './failure.ts'
import type { TriggerPlan } from './plan.ts'
import type { Slot } from './scheduler.ts'

/** How a delivery's work ended; `parked` says whether it may be tried again by itself. */
export type RunResult =
  | { end: 'applied' | 'dead'; attempts: Attempt[]; reason: string | null }
  | { end: 'parked'; attempts: Attempt[]; reason: string; retriesItself: boolean }
  | { end: 'stopped' }

type Needs = { kinds: TriggerKinds; random: () => number; onAttempt: (attempt: Attempt) => void }
type Work = { plan: TriggerPlan; events: ReadonlyMap<string, CloudEvent>; headers: Record<string, string>; slot: Slot }

/** Runs a trigger, and its dlqTrigger when that is what is left. What both refuse is parked, never dropped. */
export const runTrigger = async (
  { kinds, random, onAttempt }: Needs,
  { plan, events, headers, slot }: Work,
): Promise<RunResult> => {
  const { trigger, noRetryStatuses } = plan
  const common = { events, kinds, slot, random }
  const main = await runAttempts({ ...common, trigger, headers, noRetryStatuses, onAttempt })
  if (main.end === 'stopped') return { end: 'stopped' }
  if (main.end === 'applied') return { end: 'applied', attempts: main.attempts, reason: null }
  const error = main.attempts.at(-1)?.error ?? 'failed'
  const { dlqTrigger } = trigger
  if (!trigger.atLeastOnce || dlqTrigger === undefined) {
    return { end: 'parked', attempts: main.attempts, reason: error, retriesItself: false }
  }
  const dlqHeaders = { ...headers, 'Sluice-Failure': failureHeader(main.attempts) }
  const dlq = await runAttempts({ ...common, trigger: dlqTrigger, headers: dlqHeaders, noRetryStatuses: new Set() })
  if (dlq.end === 'stopped') return { end: 'stopped' }
  if (dlq.end === 'applied') return { end: 'dead', attempts: main.attempts, reason: error }
  const last = dlq.attempts.at(-1)
  const isRefused = last?.status != null && last.status >= 400 && last.status < 500
  const reason = `${error}; the dead letter was not taken: ${last?.error}`
  return { end: 'parked', attempts: main.attempts, reason, retriesItself: !isRefused }
}
