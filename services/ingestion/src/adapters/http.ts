import type { Handlers } from '@bookinfo/server'
import type { createCycle } from '../app/run-cycle.ts'
import type { ingestion } from '../contract.ts'

/** Translates between the contract's shapes and the use cases. */
export const createHandlers = ({
  cycle,
}: {
  cycle: ReturnType<typeof createCycle>
}): Handlers<typeof ingestion.routes> => ({
  trigger: async ({ body }) => {
    const queries = (body as { queries?: string[] } | undefined)?.queries
    return { status: 200, body: await cycle.run(queries?.length ? queries : undefined) }
  },
  status: async () => {
    const { state, lastRunAt, lastResult } = cycle.status()
    const last = {
      ...(lastRunAt && { last_run_at: lastRunAt.toISOString() }),
      ...(lastResult && { last_result: lastResult }),
    }
    return { status: 200, body: { state, ...last } }
  },
})
