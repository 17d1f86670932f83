import { plainFloat } from '../../json/numbers.ts'
import { sortedKeys, type Value } from '../go-json.ts'
import { goTime } from './sprig/time.ts'

/** Maps that stand for a value of Go with a text of its own. */
export const ownTexts = new WeakMap<Map<string, Value>, string>()

/** A value as Go's `%v` prints it. */
export const printValue = (value: Value): string => {
  if (value === null) return '<nil>'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return shortFloat(value)
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`
  if (value instanceof Map) return ownTexts.get(value) ?? `map[${printMembers(value)}]`
  if (value instanceof Date) return goTime(value)
  return String(value)
}

const printMembers = (map: Map<string, Value>): string =>
  sortedKeys(map)
    .map((key) => `${key}:${printValue(map.get(key) ?? null)}`)
    .join(' ')

const plainExponents = 6

/** Go's `%v` of a float64: the shortest digits, with an exponent below 1e-4 and from 1e6 on. */
export const shortFloat = (number: number): string => {
  if (!Number.isFinite(number) || number === 0) return plainFloat(number)
  const [mantissa = '', power = '0'] = number.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < plainExponents) return plainFloat(number)
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** Whether a value counts as true: anything but null, false, zero and what is empty. */
export const isTrue = (value: Value): boolean => {
  if (value === null || typeof value === 'boolean') return value === true
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  return value instanceof Map ? value.size > 0 : true
}

/** The name of a value's type, as Go's errors and `typeOf` say it. */
export const typeName = (value: Value): string => {
  if (value === null) return '<nil>'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return '[]interface {}'
  return value instanceof Map ? 'map[string]interface {}' : 'time.Time'
}
