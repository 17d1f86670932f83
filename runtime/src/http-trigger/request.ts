import { AppError } from '@bookinfo/errors'
import type { HttpTrigger, Trigger, TriggerTemplate } from '../manifest/types.ts'
import { type References, readReference } from '../secrets.ts'
import { applyParameters, buildPayload, type Events, resolveParameter } from '../values/resolve.ts'
import { assertTypes, httpTypes, templateTypes } from './types.ts'

/** The request that a trigger sends; header values hold one character for each byte, as they are on the wire. */
export type TriggerRequest = {
  method: string
  url: string
  headers: [string, string][]
  body: string
  /** The `Host` that is sent instead of the address's own. */
  host?: string
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Everything below the space but the tab, and DEL.
const control = /(?!\t)\p{Cc}/u
/** What Go's client writes by itself, and what belongs to a connection, which may be shared here. */
const ownToClient = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'trailer',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
])

/** Builds an HTTP trigger's request from the events that fired it. Throws `invalid` when a value cannot be found or sent. */
export const buildHttpRequest = (trigger: Trigger, events: Events, references: References): TriggerRequest => {
  const http = withParameters(trigger, events)
  const { method = 'POST', url, host } = http
  if (!token.test(method)) throw new AppError('invalid', `"${method}" is no method of HTTP`)
  const headers = [...headersOf(http, events, references)].map(([name, value]): [string, string] => {
    if (!token.test(name)) throw new AppError('invalid', `"${name}" is no name for a header`)
    if (control.test(value)) throw new AppError('invalid', `the header ${name} has a value that cannot be sent`)
    return [name, Buffer.from(value, 'utf8').toString('latin1')]
  })
  return {
    method,
    url,
    headers: headers.filter(([name]) => !ownToClient.has(name.toLowerCase())),
    body: buildPayload(http.payload, events) ?? '',
    ...(host && { host }),
  }
}

/** A later one replaces an earlier one of exactly the same name. */
const headersOf = (http: HttpTrigger, events: Events, references: References): Map<string, string> => {
  const headers = new Map(Object.entries(http.headers ?? {}))
  for (const { src, dest } of http.dynamicHeaders ?? []) {
    const value = resolveParameter(src, events)
    if (value !== undefined) headers.set(dest, value.text)
  }
  for (const { name, valueFrom } of http.secureHeaders ?? []) headers.set(name, readReference(references, valueFrom))
  const { username: user, password: word } = new URL(http.url)
  const isGiven = [...headers.keys()].some((name) => name.toLowerCase() === 'authorization')
  if ((user || word) && !isGiven)
    headers.set('Authorization', basic(decodeURIComponent(user), decodeURIComponent(word)))
  if (http.basicAuth) {
    const { username, password } = http.basicAuth
    const read = (secretKeyRef: typeof username) => (secretKeyRef ? readReference(references, { secretKeyRef }) : '')
    headers.set('Authorization', basic(read(username), read(password)))
  }
  return headers
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

/** The trigger's template after its parameters; throws `invalid` when a value cannot be found. */
export const withTemplateParameters = ({ template, parameters }: Trigger, events: Events): TriggerTemplate => {
  if (!parameters?.length) return template
  const changed: unknown = JSON.parse(applyParameters(JSON.stringify(template), parameters, events))
  assertTypes(changed, templateTypes)
  return changed as TriggerTemplate
}

const withParameters = (trigger: Trigger, events: Events): HttpTrigger => {
  const template = withTemplateParameters(trigger, events)
  const { http } = template
  if (http === undefined) throw new AppError('invalid', `trigger ${template.name} has no HTTP request`)
  if (!http.parameters?.length) return http
  const changed: unknown = JSON.parse(applyParameters(JSON.stringify(http), http.parameters, events))
  assertTypes(changed, httpTypes)
  return changed as HttpTrigger
}

/** Whether an answer counts as a success: every one does unless the trigger names the statuses that do, which may be none. */
export const policyAllows = ({ policy }: Trigger, status: number): boolean =>
  policy?.status?.allow?.includes(status) ?? true
