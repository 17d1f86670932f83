import { describeError } from '@bookinfo/errors'
import type { CloudEvent } from '../event.ts'
import { retryDelaysMs } from '../retry.ts'
import type { Trigger } from '../manifest/types.ts'
import type { Attempt } from '../state/types.ts'
import type { TriggerKinds } from '../triggers/kinds.ts'
import type { Slot } from './scheduler.ts'

/** How running a trigger ended: `stopped` means that the runtime is stopping and the event comes again. */
export type Result = { end: 'applied' | 'failed' | 'stopped'; attempts: Attempt[] }

type Options = {
  trigger: Trigger
  events: ReadonlyMap<string, CloudEvent>
  headers: Record<string, string>
  kinds: TriggerKinds
  slot: Slot
  noRetryStatuses: ReadonlySet<number>
  random: () => number
  onAttempt?: (attempt: Attempt) => void
}

/** Runs a trigger until it succeeds, its attempts are used up, or its answer says that no attempt can help. */
export const runAttempts = async (options: Options): Promise<Result> => {
  const { trigger, events, headers, kinds, slot, noRetryStatuses, random, onAttempt } = options
  const attempts: Attempt[] = []
  let delaysMs: number[] = []
  try {
    delaysMs = trigger.atLeastOnce ? retryDelaysMs(trigger.retryStrategy, random) : []
  } catch (error) {
    return {
      end: 'failed',
      attempts: [{ at: new Date().toISOString(), durationMs: 0, status: null, error: describeError(error) }],
    }
  }
  for (let index = 0; ; index += 1) {
    const attempt = await attemptOnce(trigger, { events, headers, kinds })
    attempts.push(attempt)
    onAttempt?.(attempt)
    if (attempt.error === null) return { end: 'applied', attempts }
    const delayMs = delaysMs[index]
    if (delayMs === undefined || noRetryStatuses.has(attempt.status ?? 0)) return { end: 'failed', attempts }
    if (!(await slot.pause(delayMs))) return { end: 'stopped', attempts }
  }
}

const attemptOnce = async (
  trigger: Trigger,
  call: { events: ReadonlyMap<string, CloudEvent>; headers: Record<string, string>; kinds: TriggerKinds },
): Promise<Attempt> => {
  const startMs = performance.now()
  const at = new Date().toISOString()
  const took = () => Math.round((performance.now() - startMs) * 1_000) / 1_000
  try {
    const { status, error } = await call.kinds.execute(trigger, call)
    return { at, durationMs: took(), status, error }
  } catch (error) {
    return { at, durationMs: took(), status: null, error: describeError(error).slice(0, errorMaxCharacters) }
  }
}

const errorMaxCharacters = 2_000
