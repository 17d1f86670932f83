import type { Logger } from '@bookinfo/logging'
import type { Executor } from './kinds.ts'

/** Argo's log trigger: one line for each dependency; it always succeeds. */
export const createLogExecutor = ({ logger }: { logger: Pick<Logger, 'info'> }): Executor => ({
  execute: async (_trigger, { events }) => {
    for (const [dependencyName, { data, ...eventContext }] of events)
      logger.info(data ?? '', { dependencyName, eventContext })
    return { status: null, error: null }
  },
  close: async () => {},
})
