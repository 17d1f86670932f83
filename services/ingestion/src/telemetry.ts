import { describeError } from '@bookinfo/errors'
import type { Kit } from '@bookinfo/server'
import type { CycleResult } from './contract.ts'

export type IngestionTelemetry = ReturnType<typeof createIngestionTelemetry>

/** Every business event of this service: one log line and one count each. */
export const createIngestionTelemetry = ({ logger, metrics }: Pick<Kit, 'logger' | 'metrics'>) => {
  const cycles = metrics.counter('ingestion_scrapes_total', 'Cycles completed')
  const published = metrics.counter('ingestion_books_published_total', 'Books published')
  const errors = metrics.counter('ingestion_errors_total', 'Queries that failed')
  return {
    completed: ({ books_found, events_published, errors: failed, duration_ms }: CycleResult) => {
      cycles.inc()
      published.inc(events_published)
      logger.info('ingestion cycle complete', {
        books_found,
        events_published,
        errors: failed,
        duration: `${duration_ms}ms`,
      })
    },
    failed: (query: string, error: unknown) => {
      errors.inc()
      logger.warn('ingestion query failed', { query, error: describeError(error) })
    },
    polling: (intervalMs: number) => logger.info('ingestion poll loop started', { interval: `${intervalMs}ms` }),
    cycleStarting: () => logger.info('poll loop: starting ingestion cycle'),
  }
}
