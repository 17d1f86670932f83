import { AppError } from '@bookinfo/errors'
import type { CloudEvent } from '../event.ts'
import { get, type Result } from '../json/gjson.ts'
import { quote, setRaw } from '../json/sjson.ts'
import type { Parameter, ParameterSource } from '../manifest/types.ts'
import type { Value } from './go-json.ts'
import { toValue } from './json-value.ts'
import { renderTemplate } from './template.ts'
import { yamlToJson } from './yaml.ts'

export type Events = ReadonlyMap<string, CloudEvent>

/** A value for a parameter: text to be inserted as a string, or raw JSON. */
export type Resolved = { text: string; isRaw: boolean }

/**
 * Finds the value of a parameter (argo-events.md 4.6). Undefined when its dependency has no event in this firing and nothing stands in
 * for it; throws `invalid` when the event is there and the value is not.
 */
export const resolveParameter = (source: ParameterSource, events: Events): Resolved | undefined => {
  const { dependencyName, contextKey, contextTemplate, dataKey, dataTemplate, value } = source
  const event = events.get(dependencyName)
  const constant = value === undefined ? undefined : { text: value, isRaw: false }
  if (event === undefined) return constant
  const usesData = Boolean(dataKey || dataTemplate)
  if (!usesData && !contextKey && !contextTemplate) return constant ?? { text: wholeEvent(event), isRaw: false }
  try {
    const found = usesData
      ? selectData(event, { template: dataTemplate, key: dataKey })
      : selectContext(event, { template: contextTemplate, key: contextKey })
    if (found !== undefined) return found
  } catch (error) {
    if (constant === undefined) throw error
  }
  if (constant !== undefined) return constant
  throw new AppError('invalid', `unable to resolve '${dependencyName}' parameter value`)
}

type Selectors = { template: string | undefined; key: string | undefined }

const selectData = (event: CloudEvent, { template, key }: Selectors): Resolved | undefined => {
  const json = dataOf(event)
  return (template && render(template, () => toValue(json))) || (key ? find(json, key) : undefined)
}

const selectContext = (event: CloudEvent, { template, key }: Selectors): Resolved | undefined =>
  (template && render(template, () => new Map(Object.entries(contextOf(event))))) ||
  (key ? find(contextJson(event), key) : undefined)

const render = (template: string, input: () => Value): Resolved | undefined => {
  const text = attempt(() => renderTemplate(template, input()))
  return text === undefined || text === '' || text === '<no value>' ? undefined : { text, isRaw: false }
}

const find = (json: string, key: string): Resolved | undefined => {
  const found = get(json, key)
  return found.exists ? fromResult(found) : undefined
}

const fromResult = (found: Result): Resolved => {
  if (found.kind === 'null') return { text: 'null', isRaw: true }
  return { text: found.text, isRaw: found.kind !== 'string' }
}

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

const dataOf = ({ data, datacontenttype, isJson }: CloudEvent): string => {
  switch (datacontenttype) {
    case 'application/json':
      if (isJson || isValidJson(data ?? '')) return data ?? ''
      throw new AppError('invalid', 'event data is not valid JSON')
    case 'application/yaml':
      return yamlToJson(data ?? '')
    default:
      throw new AppError('invalid', `unsupported event content type: ${datacontenttype ?? ''}`)
  }
}

const isValidJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What `contextKey` and `contextTemplate` read; the time in whole seconds. */
const contextOf = ({ id, source, specversion, type, datacontenttype, subject, time }: CloudEvent) => ({
  id,
  source,
  specversion,
  type,
  ...(datacontenttype !== undefined && { datacontenttype }),
  subject,
  time: wholeSeconds(time),
})

const contextJson = (event: CloudEvent): string => JSON.stringify(contextOf(event))

const wholeSeconds = (time: string): string => {
  const parsed = new Date(time)
  return Number.isNaN(parsed.getTime()) ? time : `${parsed.toISOString().slice(0, 19)}Z`
}

const wholeEvent = (event: CloudEvent): string =>
  `{"context":${contextJson(event)},"data":${event.data === null ? 'null' : `"${Buffer.from(event.data).toString('base64')}"`}}`

/**
 * Builds a trigger's payload; undefined when there is none. An entry with an empty `dest` is the whole payload. An entry whose
 * dependency has no event is left out, and `warn` hears of it.
 */
export const buildPayload = (
  parameters: readonly Parameter[] | undefined,
  events: Events,
  warn: (message: string) => void = () => {},
): string | undefined => {
  let document: string | undefined
  for (const { src, dest } of parameters ?? []) {
    const resolved = resolveParameter(src, events)
    if (resolved === undefined) {
      if (dest !== '') warn(`payload ${dest} is left out: there is no event of ${src.dependencyName}`)
      continue
    }
    if (dest === '') return resolved.text
    document = setRaw(document ?? '', dest, toJson(resolved, src)) || undefined
  }
  return document
}

/** Applies parameters to the JSON text of a resource or trigger template, with their operations. */
export const applyParameters = (resource: string, parameters: readonly Parameter[], events: Events): string => {
  let document = resource
  for (const { src, dest, operation } of parameters) {
    const resolved = resolveParameter(src, events)
    if (resolved === undefined) continue
    if (dest === '') throw new AppError('invalid', 'path cannot be empty')
    document = setRaw(
      document,
      dest,
      operate(document, { dest, operation, json: toJson(resolved, src), text: resolved.text }),
    )
  }
  return document
}

const operate = (
  document: string,
  { dest, operation, json, text }: { dest: string; operation: string | undefined; json: string; text: string },
): string => {
  if (operation === undefined || operation === '' || operation === 'overwrite') return json
  if (operation !== 'append' && operation !== 'prepend')
    throw new AppError('invalid', `unsupported trigger parameter operation: ${operation}`)
  const current = get(document, dest)
  if (!current.exists) return json
  return quote(operation === 'append' ? current.text + text : text + current.text)
}

const toJson = ({ text, isRaw }: Resolved, { useRawData }: ParameterSource): string =>
  useRawData && isRaw ? text : quote(text)
