import { parseDocument } from 'yaml'
import { toGoJson, type Value } from './go-json.ts'

const aliasesMax = 100

/** YAML as JSON, read by the rules of YAML 1.1 as Go's library does: `yes`, `on` and `y` are true, keys become text. */
export const yamlToJson = (text: string): string => {
  const document = parseDocument(text, { version: '1.1', schema: 'yaml-1.1', intAsBigInt: true, merge: true })
  const [error] = document.errors
  if (error) throw error
  return toGoJson(toValue(document.toJS({ mapAsMap: true, maxAliasCount: aliasesMax })))
}

const toValue = (given: unknown): Value => {
  if (Array.isArray(given)) return given.map(toValue)
  if (given instanceof Map)
    return new Map([...given].map(([key, value]) => [keyText(key), toValue(value)] as [string, Value]))
  if (given instanceof Date) return given.toISOString()
  if (typeof given === 'object' || given === undefined) return null
  return given as Value
}

const keyText = (key: unknown): string => {
  if (key === null || typeof key === 'object') throw new Error('a key of a YAML mapping must be a single value')
  return String(key)
}
