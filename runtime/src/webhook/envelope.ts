import { parseJson } from '@bookinfo/contract'
import { jsonOfLists } from '../json/bytes.ts'
import { escapeHtml } from '../json/strings.ts'
import type { WebhookEndpoint } from '../manifest/types.ts'
import { type Form, readForm } from './form.ts'

/** A request as it arrived: header names in any case, repeated ones repeated. */
export type WebhookRequest = { method: string; path: string; headers: [string, string][]; body: Buffer; query?: string }

/** What a webhook makes of a request: an event's data and the body in it, or an answer that says why there is none. */
export type WebhookReading =
  | { status: 200; eventData: string; value: unknown }
  | { status: 400 | 500; body: string; eventData: null }

const payloadMaxBytes = 1_048_576
const formMaxBytes = 10_485_760
const parsePrefix = 'json: error calling MarshalJSON for type *json.RawMessage: '
const tooLarge = 'failed to parse request body, http: request body too large'

/** How large a request's body may be: Argo does not apply `maxPayloadSize` to forms. */
export const bodyMaxBytes = (endpoint: WebhookEndpoint, headers: WebhookRequest['headers']): number =>
  isForm({ headers }) ? formMaxBytes : (endpoint.maxPayloadSize ?? payloadMaxBytes)

/** Argo's answer to a body above its limit. Argo writes some errors twice. */
export const refuseLarge = (headers: WebhookRequest['headers']): WebhookReading & { status: 400 | 500 } =>
  isForm({ headers }) ? refuse('http: POST too large'.repeat(2), 500) : refuse(tooLarge.repeat(2))

/** Reads a request as Argo's webhook EventSource does (argo-events.md 1.1 to 1.3); answers are Argo's. */
export const readWebhookRequest = (endpoint: WebhookEndpoint, request: WebhookRequest): WebhookReading => {
  const { method, headers, body } = request
  if (method !== endpoint.method) return refuse('http method does not match')
  if (method === 'GET') return formEnvelope(endpoint, request, readForm(request.query ?? ''))
  if (method !== 'POST') return refuse(`unsupoorted method: ${method}`)
  if (body.length > bodyMaxBytes(endpoint, headers)) return refuseLarge(headers)
  if (isForm(request)) {
    const form = readForm(body.toString('latin1'))
    return form.problem === undefined ? formEnvelope(endpoint, request, form) : refuse(form.problem.repeat(2), 500)
  }
  const text = body.toString('utf8')
  try {
    return envelope(endpoint, request, { json: compact(text), value: parseJson(text) })
  } catch (error) {
    const reason =
      text.trim() === '' ? 'unexpected end of JSON input' : error instanceof Error ? error.message : 'invalid'
    return refuse(`${parsePrefix}${reason}`)
  }
}

/** Whether a request's body is read as a form: Argo looks for exactly this content type. */
export const isForm = ({ headers }: Pick<WebhookRequest, 'headers'>): boolean =>
  headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] === 'application/x-www-form-urlencoded'

const refuse = (body: string, status: 400 | 500 = 400) => ({ status, body, eventData: null }) as const

type Body = { json: string; value: unknown }

const envelope = (endpoint: WebhookEndpoint, request: WebhookRequest, { json, value }: Body): WebhookReading => {
  const { metadata } = endpoint
  const tail =
    metadata && Object.keys(metadata).length > 0 ? `,"metadata":${escapeHtml(JSON.stringify(sorted(metadata)))}` : ''
  return { status: 200, eventData: `{"header":${headerJson(request.headers)},"body":${json}${tail}}`, value }
}

const hidden = new Set(['host', 'transfer-encoding'])

/** Go's canonical names, each with all its values, sorted; credentials are masked. */
const headerJson = (headers: readonly [string, string][]): string => {
  const all = new Map<string, string[]>()
  for (const [name, value] of headers) {
    if (hidden.has(name.toLowerCase())) continue
    const canonical = canonicalName(name)
    const values = all.get(canonical)
    if (values) values.push(value)
    else all.set(canonical, [value])
  }
  if (all.get('Authorization')?.[0]) all.set('Authorization', ['*** Masked Auth Secret ***'])
  // Go's server says the same in the newer header's words.
  if (all.get('Pragma')?.[0] === 'no-cache' && !all.has('Cache-Control')) all.set('Cache-Control', ['no-cache'])
  return jsonOfLists(all)
}

const canonicalNames = new Map<string, string>()
const canonicalNamesMax = 1_000

const canonicalName = (name: string): string => {
  const known = canonicalNames.get(name)
  if (known !== undefined) return known
  const isToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
  const canonical = isToken ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()) : name
  if (canonicalNames.size < canonicalNamesMax) canonicalNames.set(name, canonical)
  return canonical
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

const formEnvelope = (endpoint: WebhookEndpoint, request: WebhookRequest, { values }: Form): WebhookReading => {
  const json = jsonOfLists(values)
  return envelope(endpoint, request, { json, value: JSON.parse(json) })
}

/** White space between tokens goes, and characters that Go escapes are escaped; numbers, key order and repeated keys stay. */
const compact = (json: string): string => {
  if (!/[\s<>&\u2028\u2029]/.test(json)) return json
  let result = ''
  let from = 0
  let inString = false
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at] as string
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (' \t\n\r'.includes(character)) {
      result += json.slice(from, at)
      from = at + 1
    }
  }
  return escapeHtml(result + json.slice(from))
}
