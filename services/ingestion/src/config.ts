import {
  type EnvReader,
  type EventsConfig,
  readEventsConfig,
  readServiceConfig,
  type ServiceConfig,
} from '@bookinfo/config'

export type IngestionConfig = {
  service: ServiceConfig
  events: EventsConfig
  /** 0 means that nothing is polled. */
  pollIntervalMs: number
  queries: readonly string[]
  maxResults: number
  openLibraryUrl: string
}

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): IngestionConfig => ({
  service: readServiceConfig(env),
  events: readEventsConfig(env),
  pollIntervalMs: env.durationMs('POLL_INTERVAL', '5m'),
  queries: env.list('SEARCH_QUERIES', ['programming', 'golang']),
  maxResults: env.integer('MAX_RESULTS_PER_QUERY', { fallback: 10, min: 1, max: 1_000 }),
  openLibraryUrl: env.text('OPEN_LIBRARY_URL', 'https://openlibrary.org'),
})
