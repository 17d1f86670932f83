import { AppError } from '@bookinfo/errors'
import type { HttpTrigger, Trigger, TriggerTemplate } from '../manifest/types.ts'
import { assertTypes, httpTypes, templateTypes } from './types.ts'
import { applyParameters, buildPayload, type Events, resolveParameter } from '../values/resolve.ts'

/** The request that a trigger sends. */
export type TriggerRequest = { method: string; url: string; headers: [string, string][]; body: string }

const methods = new Set(['GET', 'DELETE', 'PATCH', 'POST', 'PUT'])

/** Builds an HTTP trigger's request from the events that fired it. Throws `invalid` when a value cannot be found. */
export const buildHttpRequest = (trigger: Trigger, events: Events): TriggerRequest => {
  const http = withParameters(trigger, events)
  const method = http.method ?? 'POST'
  if (!methods.has(method)) throw new AppError('invalid', `HTTP method ${method} is not allowed for a trigger`)
  const headers = new Map(Object.entries(http.headers ?? {}))
  for (const { src, dest } of http.dynamicHeaders ?? []) {
    const value = resolveParameter(src, events)
    if (value !== undefined) headers.set(dest, value.text)
  }
  return {
    method,
    url: http.url,
    headers: [...headers].filter(([, value]) => isHeaderValue(value)),
    body: buildPayload(http.payload, events) ?? '',
  }
}

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

// A header that cannot be sent would fail every attempt; without it the request still says the same.
const isHeaderValue = (value: string): boolean => !/[\r\n\0]/.test(value)

/** Whether an answer counts as a success: every one does unless the trigger names the statuses that do. */
export const policyAllows = ({ policy }: Trigger, status: number): boolean => {
  const allow = policy?.status?.allow
  return allow === undefined || allow.length === 0 || allow.includes(status)
}
