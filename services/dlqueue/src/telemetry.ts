import type { Kit } from '@bookinfo/server'
import type { Letter } from './domain.ts'

export type DlqTelemetry = ReturnType<typeof createDlqTelemetry>

/** Every business event of this service: one log line and one count each. */
export const createDlqTelemetry = ({ logger, metrics }: Pick<Kit, 'logger' | 'metrics'>) => {
  const place = ['event_source', 'sensor_name']
  const ingested = metrics.counter('dlq_events_ingested_total', 'Failed events taken in', [...place, 'failed_trigger'])
  const replayed = metrics.counter('dlq_events_replayed_total', 'Events sent again', place)
  const resolved = metrics.counter('dlq_events_resolved_total', 'Letters closed', ['event_source', 'resolved_by'])
  const poisoned = metrics.counter('dlq_events_poisoned_total', 'Letters whose replays were used up', place)
  const labels = ({ eventSource, sensorName }: Letter) => ({ event_source: eventSource, sensor_name: sensorName })
  return {
    ingested: (letter: Letter, { isDuplicate }: { isDuplicate: boolean }) => {
      ingested.inc({ ...labels(letter), failed_trigger: letter.failedTrigger })
      if (letter.status === 'poisoned') poisoned.inc(labels(letter))
      logger.info(isDuplicate ? 'dlq event re-ingested' : 'dlq event ingested', {
        dlq_event_id: letter.id,
        event_source: letter.eventSource,
        sensor_name: letter.sensorName,
        failed_trigger: letter.failedTrigger,
        retry_count: letter.retryCount,
        status: letter.status,
        is_duplicate: isDuplicate,
      })
    },
    replayed: (letter: Letter) => {
      replayed.inc(labels(letter))
      logger.info('dlq event replayed', {
        dlq_event_id: letter.id,
        event_source: letter.eventSource,
        sensor_name: letter.sensorName,
        failed_trigger: letter.failedTrigger,
        retry_count: letter.retryCount,
      })
    },
    resolved: (letter: Letter) => {
      // Names of people would make a label without end; what matters is whether it closed by itself.
      resolved.inc({
        event_source: letter.eventSource,
        resolved_by: letter.resolvedBy === 'delivery' ? 'delivery' : 'operator',
      })
      logger.info('dlq event resolved', { dlq_event_id: letter.id, resolved_by: letter.resolvedBy })
    },
  }
}
