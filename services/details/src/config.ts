import {
  type EnvReader,
  type EventsConfig,
  readEventsConfig,
  readServiceConfig,
  readStorageConfig,
  type ServiceConfig,
  type StorageConfig,
} from '@bookinfo/config'

export type DetailsConfig = { service: ServiceConfig; storage: StorageConfig; events: EventsConfig }

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): DetailsConfig => ({
  service: readServiceConfig(env),
  storage: readStorageConfig(env),
  events: readEventsConfig(env),
})
