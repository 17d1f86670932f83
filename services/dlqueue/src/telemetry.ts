import type { Kit } from '@bookinfo/server'
import type { Letter, Status } from './domain.ts'

export type DlqTelemetry = ReturnType<typeof createDlqTelemetry>

type Depth = { status: Status; eventSource: string; count: number }
type Needs = Pick<Kit, 'logger' | 'metrics'> & { letters: { depth(): Promise<Depth[]> } }

/** Every business event of this service: one log line and one count each; and how many letters there are. */
export const createDlqTelemetry = ({ logger, metrics, letters }: Needs) => {
  const place = ['event_source', 'sensor_name']
  const ingested = metrics.counter('dlq_events_ingested_total', 'Failed events taken in', [...place, 'failed_trigger'])
  const replayed = metrics.counter('dlq_events_replayed_total', 'Events sent again', place)
  const resolved = metrics.counter('dlq_events_resolved_total', 'Letters closed', ['event_source', 'resolved_by'])
  const poisoned = metrics.counter('dlq_events_poisoned_total', 'Letters whose replays were used up', place)
  const replayDuration = metrics.histogram('dlq_replay_duration_seconds', 'Time to send an event again', place)
  metrics.reading('dlq_depth', 'Letters by status', {
    labels: ['status', 'event_source'],
    read: async () =>
      (await letters.depth()).map(({ status, eventSource, count }) => ({
        labels: { status, event_source: eventSource },
        value: count,
      })),
  })
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
    ignored: (letter: Letter) => {
      logger.info('dlq re-ingest on resolved event — ignoring', {
        dlq_event_id: letter.id,
        event_source: letter.eventSource,
        sensor_name: letter.sensorName,
        failed_trigger: letter.failedTrigger,
      })
    },
    replayed: (letter: Letter, { tookMs }: { tookMs: number }) => {
      replayed.inc(labels(letter))
      replayDuration.observe(labels(letter), tookMs / 1_000)
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
