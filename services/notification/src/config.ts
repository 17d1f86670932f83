import {
  type EnvReader,
  readServiceConfig,
  readStorageConfig,
  type ServiceConfig,
  type StorageConfig,
} from '@bookinfo/config'

export type NotificationConfig = { service: ServiceConfig; storage: StorageConfig }

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): NotificationConfig => ({
  service: readServiceConfig(env),
  storage: readStorageConfig(env),
})
