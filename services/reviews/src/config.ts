import {
  type EnvReader,
  type EventsConfig,
  readEventsConfig,
  readServiceConfig,
  readStorageConfig,
  type ServiceConfig,
  type StorageConfig,
} from '@bookinfo/config'

export type ReviewsConfig = {
  service: ServiceConfig
  storage: StorageConfig
  events: EventsConfig
  /** Where the ratings service is reached. */
  ratingsUrl: string
}

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): ReviewsConfig => ({
  service: readServiceConfig(env),
  storage: readStorageConfig(env),
  events: readEventsConfig(env),
  ratingsUrl: env.text('RATINGS_SERVICE_URL', 'http://localhost:8083'),
})
