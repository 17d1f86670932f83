import type { Logger } from '@bookinfo/logging'
import type { CloudEvent } from '../event.ts'
import type { Trigger } from '../manifest/types.ts'
import type { References } from '../secrets.ts'
import { createHttpExecutor, type HttpTargets } from './http.ts'
import { createLogExecutor } from './log.ts'

/** What one attempt came to: `error` is null when it counts as a success. */
export type ExecutionResult = { status: number | null; error: string | null }

export type Call = { events: ReadonlyMap<string, CloudEvent>; headers: Record<string, string> }

/** Runs one kind of trigger once. Rejects when the request could not be made at all. */
export type Executor = { execute(trigger: Trigger, call: Call): Promise<ExecutionResult>; close(): Promise<void> }

/** Runs any trigger that this runtime knows. */
export type TriggerKinds = Executor

/** The trigger kinds: a new one is a file beside this one and a line here. */
export const createTriggerKinds = (needs: {
  targets: HttpTargets
  references: References
  logger: Logger
}): TriggerKinds => {
  const kinds: Record<'http' | 'log', Executor> = {
    http: createHttpExecutor(needs),
    log: createLogExecutor(needs),
  }
  return {
    execute: (trigger, call) => {
      const { http, log } = trigger.template
      if (http !== undefined) return kinds.http.execute(trigger, call)
      if (log !== undefined) return kinds.log.execute(trigger, call)
      throw new Error('could not find an implementation for the trigger')
    },
    close: async () => {
      await Promise.all(Object.values(kinds).map((kind) => kind.close()))
    },
  }
}
