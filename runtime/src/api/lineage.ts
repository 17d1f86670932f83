import type { Entry, EventLog } from '@bookinfo/eventlog'
import { parseTraceparent } from '@bookinfo/telemetry'
import type { DeliveryRecord, State } from '../state/types.ts'

const payloadMaxCharacters = 4_000

export type Lineage = {
  id: string
  source: string
  type: string
  subject: string
  time: string
  origin: string
  log: string
  key: string
  trace_id: string | null
  payload: string
  deliveries: unknown[]
  /** Deliveries of other events of the same trace: what caused this one, and what it caused. */
  related: unknown[]
}

type Needs = { eventLog: EventLog; state: State; logs: readonly string[] }

/** Everything that happened to one event, by its id or its `ce_id`; undefined when nothing is known of it. */
export const readLineage = async ({ eventLog, state, logs }: Needs, id: string): Promise<Lineage | undefined> => {
  const [deliveries, found] = await Promise.all([state.deliveries({ eventId: id }), findEntry(eventLog, logs, id)])
  if (found === undefined && deliveries.length === 0) return undefined
  const traceId = parseTraceparent(found?.entry.headers.traceparent)?.traceId ?? deliveries[0]?.traceId ?? null
  const related = traceId === null ? [] : await state.deliveries({ traceId })
  const headers = found?.entry.headers ?? {}
  return {
    id,
    source: headers.ce_source ?? '',
    type: headers.ce_type ?? '',
    subject: headers.ce_subject ?? '',
    time: headers.ce_time ?? found?.entry.time.toISOString() ?? '',
    origin: found?.entry.origin ?? deliveries[0]?.origin ?? '',
    log: found?.log ?? '',
    key: found?.entry.key ?? '',
    trace_id: traceId,
    payload: found?.entry.payload.toString('utf8').slice(0, payloadMaxCharacters) ?? '',
    deliveries: deliveries.map(showDelivery),
    related: related.filter(({ eventId }) => eventId !== id).map(showDelivery),
  }
}

const findEntry = async (
  eventLog: EventLog,
  logs: readonly string[],
  id: string,
): Promise<{ log: string; entry: Entry } | undefined> => {
  for (const log of logs) {
    const entry = await eventLog.find(log, id)
    if (entry !== undefined) return { log, entry }
  }
  return undefined
}

/** A delivery as the API shows it. */
export const showDelivery = ({
  sensor,
  trigger,
  outcome,
  reason,
  origin,
  attempts,
  startedAt,
  finishedAt,
  eventId,
}: DeliveryRecord) => ({
  event_id: eventId,
  sensor,
  trigger,
  outcome,
  reason,
  origin,
  attempts: attempts.map(({ at, durationMs, status, error }) => ({ at, duration_ms: durationMs, status, error })),
  started_at: startedAt.toISOString(),
  finished_at: finishedAt.toISOString(),
})

/** What a caller may know of its command: `accepted` while it is on its way, then `applied` or `failed`. */
export const commandStatus = async (needs: Needs, id: string): Promise<{ id: string; status: string } | undefined> => {
  const [deliveries, found] = await Promise.all([
    needs.state.deliveries({ eventId: id }),
    findEntry(needs.eventLog, needs.logs, id),
  ])
  if (found === undefined && deliveries.length === 0) return undefined
  if (deliveries.length === 0) return { id, status: 'accepted' }
  const hasFailed = deliveries.some(({ outcome }) => outcome === 'dead' || outcome === 'parked')
  return {
    id,
    status: hasFailed ? 'failed' : deliveries.some(({ outcome }) => outcome === 'held') ? 'accepted' : 'applied',
  }
}
