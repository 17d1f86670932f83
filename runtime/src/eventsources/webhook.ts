import { isUtf8 } from 'node:buffer'
import { createHash, randomUUID } from 'node:crypto'
import { validator } from '@bookinfo/contract'
import { AppError, toAppError } from '@bookinfo/errors'
import { deadLetterHeader, type Origin } from '@bookinfo/eventlog'
import { keyMaxCharacters } from '@bookinfo/idempotency'
import type { Metrics } from '@bookinfo/metrics'
import { isBearer } from '@bookinfo/server'
import type { TSchema } from 'typebox'
import type { Bus } from '../eventbus/bus.ts'
import type { EventSource, WebhookEndpoint } from '../manifest/types.ts'
import { readSecret, type Secrets } from '../secrets.ts'
import { bodyMaxBytes, isForm, readWebhookRequest, refuseLarge, type WebhookRequest } from '../webhook/envelope.ts'
import { compileEventFilter } from './filter.ts'
import { failure, plain, success, type WebhookReply, wordsOf } from './replies.ts'

/** One endpoint of a webhook EventSource. */
export type Webhook = {
  eventSource: string
  event: string
  port: number
  endpoint: string
  /** Bytes that the body of a request with these headers may have. */
  bodyMaxBytes(headers: WebhookRequest['headers']): number
  /** The answer to a body that has more. */
  refuseTooLarge(headers: WebhookRequest['headers']): WebhookReply
  /** Answers 200 only when the event is stored durably; nothing that is not stored is a success. */
  accept(request: WebhookRequest, origin: Origin): Promise<WebhookReply>
}

type Needs = { bus: Bus; secrets: Secrets; metrics: Metrics; now: () => Date }

/** The endpoints of all webhook EventSources. */
export const createWebhooks = (
  eventSources: readonly EventSource[],
  { bus, secrets, metrics, now }: Needs,
): Webhook[] => {
  const labels = ['eventsource_name', 'event_name']
  const sent = metrics.counter('argo_events_events_sent_total', 'Events stored on the bus', labels)
  const failed = metrics.counter('argo_events_events_sent_failed_total', 'Events that could not be stored', labels)
  const refused = metrics.counter('argo_events_events_processing_failed_total', 'Requests that were no event', labels)
  return eventSources.flatMap((source) =>
    Object.entries(source.spec.webhook ?? {}).map(([event, endpoint]): Webhook => {
      const schema = source.annotations[`sluice/body-schema.${event}`]
      const check = bodyCheck(schema)
      const names = { eventsource_name: source.name, event_name: event }
      const tokenProblem = tokenCheck(endpoint, secrets, { wantedBy: `EventSource ${source.name}` })
      const words = wordsOf(schema === undefined)
      const passes = compileEventFilter(endpoint.filter)
      const accept = async (asked: WebhookRequest, origin: Origin): Promise<WebhookReply> => {
        const request = schema === undefined ? asked : withoutForm(asked)
        const wrongToken = tokenProblem(request)
        if (wrongToken !== undefined) return words.unauthorized(wrongToken)
        const reading = readWebhookRequest(endpoint, request)
        if (reading.eventData === null) {
          refused.inc(names)
          return words.refused(reading)
        }
        const problem = wrongKey(request) ?? check(request, reading.value)
        if (problem !== undefined) {
          refused.inc(names)
          return failure(new AppError('invalid', problem))
        }
        if (!passes(reading.eventData).pass) return plain(200, 'success')
        try {
          const stored = await store(bus, {
            source: source.name,
            event,
            data: reading.eventData,
            request,
            origin,
            time: now(),
          })
          sent.inc(names)
          return stored
        } catch (error) {
          failed.inc(names)
          return failure(toAppError(error))
        }
      }
      const refuseTooLarge = (headers: WebhookRequest['headers']): WebhookReply => {
        refused.inc(names)
        return words.tooLarge(refuseLarge(headers), bodyMaxBytes(endpoint, headers))
      }
      return { ...addressOf(source, event, endpoint), accept, refuseTooLarge }
    }),
  )
}

const addressOf = (source: EventSource, event: string, endpoint: WebhookEndpoint) => ({
  eventSource: source.name,
  event,
  port: Number(endpoint.port),
  endpoint: endpoint.endpoint,
  bodyMaxBytes: (headers: WebhookRequest['headers']) => bodyMaxBytes(endpoint, headers),
})

type Arrived = { source: string; event: string; data: string; request: WebhookRequest; origin: Origin; time: Date }

const headerOf = (request: WebhookRequest, name: string): string | undefined =>
  request.headers.find(([given]) => given.toLowerCase() === name)?.[1]

/** A key that the service would refuse is refused here already, where the caller still hears of it. */
const wrongKey = (request: WebhookRequest): string | undefined =>
  (headerOf(request, 'idempotency-key') ?? '').length > keyMaxCharacters
    ? `the Idempotency-Key must have at most ${keyMaxCharacters} characters`
    : undefined

const store = async (bus: Bus, { source, event, data, request, origin, time }: Arrived): Promise<WebhookReply> => {
  const header = (name: string) => headerOf(request, name)
  const replayOf = header(deadLetterHeader)
  const key = header('idempotency-key')
  const id = randomUUID().replaceAll('-', '')
  const appended = await bus.publish({
    cloudEvent: {
      id,
      source,
      specversion: '1.0',
      type: 'webhook',
      subject: event,
      time: time.toISOString(),
      datacontenttype: 'application/json',
      data,
    },
    key: '',
    origin: replayOf ? 'replay' : origin,
    headers: passedOn(header),
    // A replay is sent again on purpose; everything else with a key that stands already is a repeat.
    ...(key && !replayOf && { dedupe: { key, fingerprint: fingerprint(request.body) } }),
  })
  if (!appended.duplicate) return success(id)
  if (appended.sameContent) return success(appended.id)
  return failure(new AppError('conflict', `Idempotency-Key ${key} was used for another request; send a new one`))
}

const passedOn = (header: (name: string) => string | undefined): Record<string, string> => {
  const [traceparent, requestId] = [header('traceparent'), header('x-request-id')]
  return { ...(traceparent && { traceparent }), ...(requestId && { 'x-request-id': requestId }) }
}

const fingerprint = (body: Buffer): string => createHash('sha256').update(body).digest('hex')

/** An `authSecret` lets in only who sends its value as a bearer token; answers what is wrong with what was sent, in Argo's words. */
const tokenCheck = (
  { authSecret }: WebhookEndpoint,
  secrets: Secrets,
  options: { wantedBy: string },
): ((request: WebhookRequest) => string | undefined) => {
  if (authSecret === undefined) return () => undefined
  const token = readSecret(secrets, authSecret, options)
  return (request) => {
    const authorization = headerOf(request, 'authorization')
    if (!authorization?.startsWith('Bearer ')) return 'Invalid Authorization Header'
    return isBearer(token, authorization) ? undefined : 'Invalid Auth token'
  }
}

const form = 'application/x-www-form-urlencoded'

/**
 * Strict mode: events are JSON, whatever the content type says. curl calls every body a form, and an event made of a form with JSON in it
 * would be accepted here and could be applied nowhere.
 */
const withoutForm = (request: WebhookRequest): WebhookRequest => ({
  ...request,
  headers: request.headers.map(([name, value]) =>
    name.toLowerCase() === 'content-type' && value === form ? [name, 'application/json'] : [name, value],
  ),
})

/** Strict mode: the contract's schema, carried by the manifest, is checked at the door. Returns what is wrong. */
const bodyCheck = (schema: string | undefined) => {
  if (schema === undefined) return () => undefined
  const compiled = validator(JSON.parse(schema) as TSchema)
  return (request: WebhookRequest, value: unknown): string | undefined => {
    if (!isUtf8(request.body)) return 'the body is not UTF-8 text'
    if (compiled.check(value)) return undefined
    const problems = compiled.problems(value).join('; ') || 'the body is not valid'
    return isForm(request) ? `${problems} (it came as a form: send JSON as application/json)` : problems
  }
}
