import { parseJson } from '@bookinfo/contract'
import { AppError } from '@bookinfo/errors'
import type { FailedEvent } from '../contract.ts'
import { type Attempt, type Letter, withoutCredentials } from '../domain.ts'

const attemptsMax = 50
const errorMaxCharacters = 2_000

/** Reads what a dlqTrigger posted. Payload and headers may come as JSON or as strings of JSON, as sensors build them. */
export const readFailedEvent = (
  body: FailedEvent,
  {
    failureHeader,
    id,
    maxRetries,
    now,
  }: { failureHeader: string | undefined; id: string; maxRetries: number; now: Date },
): Letter => ({
  id,
  eventId: body.event_id || id,
  eventType: body.event_type ?? '',
  eventSource: body.event_source ?? '',
  eventSubject: body.event_subject ?? '',
  sensorName: body.sensor_name ?? '',
  failedTrigger: body.failed_trigger ?? '',
  eventSourceName: body.eventsource_name || body.event_source || '',
  eventSourceUrl: body.eventsource_url ?? '',
  namespace: body.namespace ?? '',
  recordKey: body.record_key ?? '',
  payload: readPayload(body.original_payload),
  headers: withoutCredentials(readHeaders(body.original_headers)),
  dataContentType: body.datacontenttype || 'application/json',
  eventTimestamp: readTime(body.event_timestamp),
  failure: readFailure(failureHeader),
  status: 'pending',
  retryCount: 0,
  maxRetries,
  replayEventId: null,
  lastReplayedAt: null,
  resolvedAt: null,
  resolvedBy: null,
  version: 1,
  createdAt: now,
  updatedAt: now,
})

/** A string is the payload's own text; anything else is JSON. */
const readPayload = (payload: unknown): Buffer =>
  Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload ?? null))

const readHeaders = (given: unknown): Record<string, string[]> => {
  const headers: unknown = typeof given === 'string' ? parse(given) : given
  if (headers === null || headers === undefined) return {}
  if (typeof headers !== 'object' || Array.isArray(headers))
    throw new AppError('invalid', 'invalid original_headers: it must be an object')
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const values: unknown[] = Array.isArray(value) ? value : [value]
      if (values.every((one) => typeof one === 'string')) return [name, values as string[]]
      throw new AppError('invalid', `invalid original_headers: ${name.slice(0, 100)} must be text`)
    }),
  )
}

const parse = (text: string): unknown => {
  if (text === '') return null
  try {
    return parseJson(text)
  } catch (cause) {
    throw new AppError('invalid', 'invalid original_headers: it is not JSON', { cause })
  }
}

const readTime = (text: string | undefined): Date | null => {
  const time = new Date(text ?? '')
  return Number.isNaN(time.getTime()) ? null : time
}

const unknownFailure: Letter['failure'] = { status: null, error: null, attempts: [] }

/** The header `Sluice-Failure`: absent behind other runtimes, and never a reason to refuse the letter. */
const readFailure = (header: string | undefined): Letter['failure'] => {
  if (!header) return unknownFailure
  try {
    const { status, error, attempts } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >
    return {
      status: readStatus(status),
      error: readText(error),
      attempts: Array.isArray(attempts) ? attempts.slice(0, attemptsMax).flatMap(readAttempt) : [],
    }
  } catch {
    return unknownFailure
  }
}

const readStatus = (status: unknown): number | null => (Number.isInteger(status) ? (status as number) : null)
const readText = (text: unknown): string | null =>
  typeof text === 'string' ? text.replaceAll('\0', '').slice(0, errorMaxCharacters) : null

const readAttempt = (attempt: unknown): Attempt[] => {
  const { at, duration_ms: durationMs, status, error } = (attempt ?? {}) as Record<string, unknown>
  if (typeof at !== 'string' || typeof durationMs !== 'number') return []
  return [{ at, duration_ms: durationMs, status: readStatus(status), error: readText(error) }]
}
