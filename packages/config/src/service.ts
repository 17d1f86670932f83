import type { EnvReader } from './env.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What every service is told, whatever it does. */
export type ServiceConfig = {
  name: string
  /** Address the API and admin servers bind. */
  host: string
  httpPort: number
  adminPort: number
  logLevel: LogLevel
  /** When set, a request whose `Host` is none of these (port aside) is refused. */
  allowedHosts: readonly string[] | undefined
  /** When set, operator-only routes need it as a bearer token. */
  operatorToken: string | undefined
  otlpEndpoint: string | undefined
  pyroscopeAddress: string | undefined
  podName: string | undefined
  podNamespace: string | undefined
  /** How long a stopping service waits for requests in flight, in milliseconds. */
  drainMs: number
}

/** Reads the settings that all services share; `name` is what a process is called when SERVICE_NAME is not set. */
export const readServiceConfig = (env: EnvReader): ServiceConfig => ({
  name: env.required('SERVICE_NAME'),
  host: env.text('HTTP_HOST', '0.0.0.0'),
  httpPort: env.integer('HTTP_PORT', { fallback: 8080, min: 0, max: 65_535 }),
  adminPort: env.integer('ADMIN_PORT', { fallback: 9090, min: 0, max: 65_535 }),
  logLevel: env.choice('LOG_LEVEL', { choices: ['debug', 'info', 'warn', 'error'], fallback: 'info' }),
  allowedHosts: env.optional('HTTP_ALLOWED_HOSTS') === undefined ? undefined : env.list('HTTP_ALLOWED_HOSTS', []),
  operatorToken: env.optional('OPERATOR_TOKEN'),
  otlpEndpoint: env.optional('OTEL_EXPORTER_OTLP_ENDPOINT'),
  pyroscopeAddress: env.optional('PYROSCOPE_SERVER_ADDRESS'),
  podName: env.optional('POD_NAME'),
  podNamespace: env.optional('POD_NAMESPACE'),
  drainMs: 15_000,
})

export type StorageConfig = { kind: 'memory' } | { kind: 'postgres'; url: string; runMigrations: boolean }

/** Where rows live. An unknown backend is an error, not memory. */
export const readStorageConfig = (env: EnvReader): StorageConfig => {
  const kind = env.choice('STORAGE_BACKEND', { choices: ['memory', 'postgres'], fallback: 'memory' })
  if (kind === 'memory') return { kind }
  const url = env.required('DATABASE_URL', 'DATABASE_URL is required when STORAGE_BACKEND is postgres')
  return { kind, url, runMigrations: env.flag('RUN_MIGRATIONS', true) }
}

export type EventsConfig =
  | { backend: 'none' }
  | { backend: 'postgres'; url: string }
  | { backend: 'kafka'; brokers: string }
  | { backend: 'jetstream'; url: string; user?: string; password?: string; tlsInsecure: boolean }

/** Where domain events go. Publishing nothing is a choice that must be spelled: `none`. */
export const readEventsConfig = (env: EnvReader): EventsConfig => {
  const backend = env.choice('EVENT_BACKEND', { choices: ['none', 'postgres', 'kafka', 'jetstream'], fallback: 'none' })
  if (backend === 'none') return { backend }
  if (backend === 'kafka')
    return { backend, brokers: env.required('KAFKA_BROKERS', 'KAFKA_BROKERS is required when EVENT_BACKEND is kafka') }
  if (backend === 'jetstream') return readNats(env)
  return { backend, url: env.required('EVENT_LOG_URL', 'EVENT_LOG_URL is required when EVENT_BACKEND is postgres') }
}

const readNats = (env: EnvReader): EventsConfig => {
  const [user, password] = [env.optional('NATS_USER'), env.optional('NATS_PASSWORD')]
  return {
    backend: 'jetstream',
    url: env.required('NATS_URL', 'NATS_URL must be set when EVENT_BACKEND=jetstream'),
    tlsInsecure: env.flag('NATS_TLS_INSECURE', false),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  }
}
