import { AppError } from '@bookinfo/errors'
import type { TObject } from 'typebox'

type Property = { type?: string; default?: unknown; title?: string }

/** Reads query parameters by their schema: integers from their text, defaults filled in, an empty value as absent. */
export const parseQuery = (schema: TObject | undefined, query: Record<string, unknown>): Record<string, unknown> => {
  const parsed: Record<string, unknown> = {}
  for (const [name, property] of Object.entries((schema?.properties ?? {}) as Record<string, Property>)) {
    const given = query[name]
    if (property.type === 'array') {
      if (given !== undefined) parsed[name] = [given].flat().map(String)
      continue
    }
    const text = Array.isArray(given) ? given.at(-1) : given
    const value = text === undefined || text === '' ? property.default : read(name, property, String(text))
    if (value !== undefined) parsed[name] = value
  }
  return parsed
}

const read = (name: string, { type, title }: Property, text: string): unknown => {
  if (type === 'boolean') return text === 'true' || text === '1'
  if (type !== 'integer') return text
  const isInteger = /^-?\d+$/.test(text)
  if (isInteger && Number.isSafeInteger(Number(text))) return Number(text)
  const problem = isInteger ? 'is out of range' : 'must be an integer'
  throw new AppError('invalid', `${title ?? name} ${problem}, got ${JSON.stringify(text.slice(0, 60))}`)
}
