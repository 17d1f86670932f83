export { type Env, type EnvReader, parseDurationMs, readEnv } from './env.ts'
export {
  type EventsConfig,
  type LogLevel,
  readEventsConfig,
  readServiceConfig,
  readStorageConfig,
  type ServiceConfig,
  type StorageConfig,
} from './service.ts'
