import {
  type EnvReader,
  type EventsConfig,
  readEventsConfig,
  readServiceConfig,
  readStorageConfig,
  type ServiceConfig,
  type StorageConfig,
} from '@bookinfo/config'

export type RatingsConfig = { service: ServiceConfig; storage: StorageConfig; events: EventsConfig }

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): RatingsConfig => ({
  service: readServiceConfig(env),
  storage: readStorageConfig(env),
  events: readEventsConfig(env),
})
