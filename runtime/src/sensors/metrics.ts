import type { Metrics } from '@bookinfo/metrics'

type Labels = { sensor: string; trigger: string }

export type SensorMetrics = {
  attempted(labels: Labels, attempt: { durationMs: number; hasFailed: boolean }): void
  exhausted(labels: Labels): void
}

/** Argo's sensor metrics, by its names and meaning (argo-events.md 5). */
export const createSensorMetrics = (metrics: Metrics): SensorMetrics => {
  const names = ['sensor_name', 'trigger_name']
  const triggered = metrics.counter('argo_events_action_triggered_total', 'Attempts that succeeded', names)
  const failed = metrics.counter('argo_events_action_failed_total', 'Attempts that failed', names)
  const retriesFailed = metrics.counter(
    'argo_events_action_retries_failed_total',
    'Deliveries whose attempts were used up',
    names,
  )
  const duration = metrics.histogram('argo_events_action_duration_seconds', 'Time of an attempt', names)
  const values = ({ sensor, trigger }: Labels) => ({ sensor_name: sensor, trigger_name: trigger })
  return {
    attempted: (labels, { durationMs, hasFailed }) => {
      ;(hasFailed ? failed : triggered).inc(values(labels))
      duration.observe(values(labels), durationMs / 1_000)
    },
    exhausted: (labels) => retriesFailed.inc(values(labels)),
  }
}
