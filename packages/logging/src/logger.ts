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

const redact = ['password', 'token', 'authorization', 'cookie', '*.password', '*.token', '*.authorization', '*.cookie']

/** A logger whose lines carry `time`, `level`, `msg`, `service` and, inside a request, its `request_id`, `trace_id` and `span_id`. */
export const createLogger = (options: {
  service: string
  level: 'debug' | 'info' | 'warn' | 'error'
  destination?: LogDestination | undefined
}): Logger => {
  const settings = {
    level: options.level,
    base: { service: options.service },
    redact,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
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

const contextFields = (): Fields => {
  const context = currentContext()
  if (context === undefined) return {}
  return { request_id: context.requestId, trace_id: context.traceId, span_id: context.spanId }
}
