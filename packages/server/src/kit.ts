import type { ServiceConfig } from '@bookinfo/config'
import type { Publisher } from '@bookinfo/eventlog'
import { createHealth, type Health } from '@bookinfo/health'
import { createLogger, type LogDestination, type Logger } from '@bookinfo/logging'
import { createMetrics, type Metrics } from '@bookinfo/metrics'
import { createTracer, type Tracer } from '@bookinfo/telemetry'

/** What every service has, each its own: also when seven of them share one process. */
export type Kit = { config: ServiceConfig; logger: Logger; metrics: Metrics; tracer: Tracer; health: Health }

/** Set-up that only the caller can know: tests and the one-process system send logs elsewhere. */
export type KitOptions = { logDestination?: LogDestination; processMetrics?: boolean }

/** What the caller of a service's composition root may put in the place of the real thing. */
export type Overrides = KitOptions & { publisher?: Publisher; now?: () => Date; newId?: () => string }

/** Builds a service's logger, metrics, tracer and health from its configuration. */
export const createKit = async (config: ServiceConfig, options: KitOptions = {}): Promise<Kit> => ({
  config,
  logger: createLogger({ service: config.name, level: config.logLevel, destination: options.logDestination }),
  metrics: createMetrics({ process: options.processMetrics ?? true }),
  tracer: await createTracer({ service: config.name, otlpEndpoint: config.otlpEndpoint }),
  health: createHealth(),
})
