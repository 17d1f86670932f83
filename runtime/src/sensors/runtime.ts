import type { EventLog } from '@bookinfo/eventlog'
import type { Logger } from '@bookinfo/logging'
import type { Metrics } from '@bookinfo/metrics'
import type { EventSource, Sensor } from '../manifest/types.ts'
import type { References } from '../secrets.ts'
import type { State } from '../state/types.ts'
import type { HttpTargets } from '../triggers/http.ts'
import { createTriggerKinds } from '../triggers/kinds.ts'
import { type ConsumerStatus, createTriggerConsumer } from './consumer.ts'
import { createSensorMetrics } from './metrics.ts'
import { planTriggers } from './plan.ts'
import { parkRemoved } from './removed.ts'
import type { RunResult } from './trigger-run.ts'

export type SensorRuntimeOptions = {
  sensors: readonly Sensor[]
  eventSources: readonly EventSource[]
  eventLog: EventLog
  busName: string
  state: State
  targets: HttpTargets
  references: References
  logger: Logger
  metrics: Metrics
  random?: () => number
}

/** All sensors at work. */
export type SensorRuntime = {
  /** Makes every trigger's cursor exist. Call it before anything is accepted. */
  register(): Promise<void>
  start(): void
  /** Takes nothing new, lets running attempts end, records outcomes; what was waiting comes again at the next start. */
  stop(): Promise<void>
  consumers(): Promise<ConsumerStatus[]>
  /** Runs a parked event's trigger again; `gone` when nothing is parked under this id. */
  release(parkedId: number): Promise<RunResult['end'] | 'gone'>
}

/** Puts all triggers of all sensors to work on one event log. */
export const createSensorRuntime = (options: SensorRuntimeOptions): SensorRuntime => {
  const { sensors, eventLog, state, targets, references, logger, metrics, random = Math.random } = options
  const kinds = createTriggerKinds({ targets, references, logger })
  const needs = { eventLog, state, kinds, logger, metrics: createSensorMetrics(metrics), random }
  const plans = sensors.flatMap((sensor) => planTriggers(sensor, options))
  const consumers = new Map(plans.map((plan) => [plan.name, createTriggerConsumer(plan, needs)]))

  return {
    register: async () => {
      await parkRemoved({ eventLog, state, names: [...consumers.keys()], logger })
      await Promise.all([...consumers.values()].map((consumer) => consumer.register()))
    },
    start: () => {
      for (const consumer of consumers.values()) consumer.start()
    },
    stop: async () => {
      await Promise.all([...consumers.values()].map((consumer) => consumer.stop()))
      await kinds.close()
      await state.close()
    },
    consumers: () => Promise.all([...consumers.values()].map((consumer) => consumer.status())),
    release: async (parkedId) => {
      const parked = await state.findParked(parkedId)
      return (parked && (await consumers.get(parked.consumer)?.retryParked(parkedId))) ?? 'gone'
    },
  }
}
