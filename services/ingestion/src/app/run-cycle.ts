import { AppError } from '@bookinfo/errors'
import type { CycleResult } from '../contract.ts'
import type { BookSource } from '../ports.ts'
import type { IngestionTelemetry } from '../telemetry.ts'
import type { publishBooks } from './publish-books.ts'

type Needs = {
  source: BookSource
  publish: ReturnType<typeof publishBooks>
  telemetry: IngestionTelemetry
  now: () => Date
  defaultQueries: readonly string[]
  maxResults: number
}

export type CycleStatus = {
  state: 'idle' | 'running'
  lastRunAt: Date | undefined
  lastResult: CycleResult | undefined
}

/** One search after another, one cycle at a time; a query that fails is counted and stops nothing. */
export const createCycle = ({ source, publish, telemetry, now, defaultQueries, maxResults }: Needs) => {
  let status: CycleStatus = { state: 'idle', lastRunAt: undefined, lastResult: undefined }

  const searchAll = async (queries: readonly string[]): Promise<CycleResult> => {
    const startMs = performance.now()
    const result = { books_found: 0, events_published: 0, errors: 0 }
    for (const query of queries) {
      try {
        const { found, published } = await publish(await source.search(query, { limit: maxResults }))
        result.books_found += found
        result.events_published += published
      } catch (error) {
        result.errors += 1
        telemetry.failed(query, error)
      }
    }
    return { ...result, duration_ms: Math.round(performance.now() - startMs) }
  }

  return {
    status: (): CycleStatus => status,
    /** Runs a cycle to its end, also when whoever asked has gone; `conflict` while another one runs. */
    run: async (queries: readonly string[] = defaultQueries): Promise<CycleResult> => {
      if (status.state === 'running') throw new AppError('conflict', 'ingestion cycle already running')
      if (queries.length === 0) throw new AppError('conflict', 'no search queries configured')
      status = { ...status, state: 'running' }
      try {
        const result = await searchAll(queries)
        status = { state: 'idle', lastRunAt: now(), lastResult: result }
        telemetry.completed(result)
        return result
      } finally {
        status = { ...status, state: 'idle' }
      }
    },
  }
}
