import { pino } from 'pino'
import { currentContext } from './context.ts'

export type Fields = Record<string, unknown>

/** Writes one JSON line a call: constant text, details as fields. */
export type Logger = {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
}

/** Where lines go; anything with `write`, standard output by default. */
export type LogDestination = { write(line: string): void }

const secrets = new Set(['password', 'token', 'authorization', 'cookie'])

/** A logger whose lines carry `time`, `level`, `msg`, `service` and, inside a request, its `request_id`, `trace_id` and `span_id`. */
export const createLogger = (options: {
  service: string
  level: 'debug' | 'info' | 'warn' | 'error'
  destination?: LogDestination | undefined
}): Logger => {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label.toUpperCase() }),
      log: (fields: Fields) => withoutSecrets(fields),
    },
    mixin: contextFields,
  }
  const log = options.destination ? pino(settings, options.destination) : pino(settings)
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  }
}

/** A logger that keeps silent, for tests and tools. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const secretDepthMax = 4

/** Hides what is named like a secret, also inside other fields. */
const withoutSecrets = (fields: Fields, depth = 0): Fields => {
  const shown: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    if (secrets.has(name.toLowerCase())) shown[name] = '[Redacted]'
    else if (isPlainObject(value) && depth < secretDepthMax) shown[name] = withoutSecrets(value, depth + 1)
    else shown[name] = value
  }
  return shown
}

const isPlainObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const contextFields = (): Fields => {
  const context = currentContext()
  if (context === undefined) return {}
  return { request_id: context.requestId, trace_id: context.traceId, span_id: context.spanId }
}
