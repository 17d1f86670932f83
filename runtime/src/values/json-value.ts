import { parseResult, type Result, valueAt } from '../json/result.ts'
import { elements, members, unescape } from '../json/scan.ts'
import type { Value } from './go-json.ts'

/** Valid JSON as the values that gjson makes of it: numbers are float64, the first of equal keys wins. */
export const toValue = (json: string): Value => convert(parseResult(json))

const convert = (found: Result): Value => {
  switch (found.kind) {
    case 'string':
      return found.text
    case 'number':
      return Number(found.raw) || 0
    case 'true':
    case 'false':
      return found.kind === 'true'
    case 'json':
      return found.raw[0] === '{'
        ? objectOf(found.raw)
        : [...elements(found.raw)].map(({ start }) => convert(valueAt(found.raw, start)))
    default:
      return null
  }
}

const objectOf = (json: string): Value => {
  const result = new Map<string, Value>()
  for (const { key, value } of members(json)) {
    const name = unescape(key)
    if (!result.has(name)) result.set(name, convert(valueAt(value, 0)))
  }
  return result
}

/** JSON as Go's own parser reads it: the last of equal keys wins. Throws for what is not valid. */
export const parseValue = (text: string): Value => fromPlain(JSON.parse(text))

const fromPlain = (given: unknown): Value => {
  if (Array.isArray(given)) return given.map(fromPlain)
  if (typeof given !== 'object' || given === null) return given as Value
  return new Map(Object.entries(given).map(([key, value]) => [key, fromPlain(value)] as [string, Value]))
}
