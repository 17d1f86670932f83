import { isDeepStrictEqual } from 'node:util'
import type { Value } from '../../values/go-json.ts'
import { typeName } from '../../values/template/print.ts'
import { compileRe2 } from '../re2.ts'
import { fail } from './lexer.ts'

const rangeMax = 1_000_000

export const isNumber = (value: Value): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

export const asText = (value: Value): string =>
  typeof value === 'string' ? value : fail(`${typeName(value)} is not a string`)

export const asBool = (value: Value): boolean =>
  typeof value === 'boolean' ? value : fail(`${typeName(value)} is not a bool`)

const int64Min = -(2n ** 63n)

/** Go's conversion to int64: a fraction is cut off, and what is too large becomes the smallest one. */
export const asInteger = (value: Value): bigint => {
  if (typeof value === 'bigint') return value
  if (typeof value !== 'number') return fail(`invalid operation: int(${typeName(value)})`)
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : int64Min
}

const equals = (left: Value, right: Value): boolean => {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left === right
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right)
  return isDeepStrictEqual(left, right)
}

/** Below zero when the left one comes first. Throws for what has no order. */
export const compare = (left: Value, right: Value): number => {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0
  if (isNumber(left) && isNumber(right)) return Number(left) - Number(right)
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return fail(`invalid operation: ${typeName(left)} and ${typeName(right)} have no order`)
}

const arithmetic =
  (operator: string, onFloats: (a: number, b: number) => number, onIntegers: (a: bigint, b: bigint) => bigint) =>
  (left: Value, right: Value): Value => {
    if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, onIntegers(left, right))
    if (isNumber(left) && isNumber(right)) return onFloats(Number(left), Number(right))
    return fail(`invalid operation: ${typeName(left)} ${operator} ${typeName(right)}`)
  }

const plus = arithmetic(
  '+',
  (a, b) => a + b,
  (a, b) => a + b,
)

const asFloat = (value: Value): number =>
  isNumber(value) ? Number(value) : fail(`invalid operation: float(${typeName(value)})`)

const modulo = (left: Value, right: Value): Value => {
  if (typeof left !== 'bigint' || typeof right !== 'bigint')
    return fail(`invalid operation: ${typeName(left)} % ${typeName(right)}`)
  return right === 0n ? fail('integer divide by zero') : left % right
}

const range = (left: Value, right: Value): Value => {
  const [first, last] = [asInteger(left), asInteger(right)]
  const size = last < first ? 0 : Number(last - first) + 1
  if (size > rangeMax) fail('memory budget exceeded')
  return Array.from({ length: size }, (_, index) => first + BigInt(index))
}

const isIn = (left: Value, right: Value): boolean => {
  if (right === null) return false
  if (Array.isArray(right)) return right.some((item) => equals(item, left))
  if (right instanceof Map) return right.has(asText(left))
  return fail(`operator "in" not defined on ${typeName(right)}`)
}

/** The operators that read both sides. */
export const operators: Record<string, (left: Value, right: Value) => Value> = {
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': (left, right) => compare(left, right) < 0,
  '>': (left, right) => compare(left, right) > 0,
  '<=': (left, right) => compare(left, right) <= 0,
  '>=': (left, right) => compare(left, right) >= 0,
  '+': (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : plus(left, right)),
  '-': arithmetic(
    '-',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': arithmetic(
    '*',
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  '/': (left, right) => asFloat(left) / asFloat(right),
  '%': modulo,
  '**': (left, right) => asFloat(left) ** asFloat(right),
  '^': (left, right) => asFloat(left) ** asFloat(right),
  '..': range,
  in: isIn,
  matches: (left, right) => compileRe2(asText(right)).test(asText(left)),
  contains: (left, right) => asText(left).includes(asText(right)),
  startsWith: (left, right) => asText(left).startsWith(asText(right)),
  endsWith: (left, right) => asText(left).endsWith(asText(right)),
}

/** A sign before a number. */
export const signed = (sign: string, value: Value): Value => {
  if (!isNumber(value)) return fail(`invalid operation: ${sign} ${typeName(value)}`)
  return sign === '-' ? -value : value
}

/** An element of a list, a byte of a text, or a member of a map; nil when a map has none. */
export const fetch = (from: Value, key: Value): Value => {
  if (from instanceof Map) return from.get(key === null ? '' : asText(key)) ?? null
  if (!Array.isArray(from) && typeof from !== 'string') return fail(`cannot fetch a member of ${typeName(from)}`)
  const items = typeof from === 'string' ? Buffer.from(from) : from
  const index = Number(asInteger(key))
  const item = items.at(index)
  if (item === undefined) return fail('slice index out of range')
  return typeof from === 'string' ? BigInt(item as number) : (item as Value)
}

/** The part of a list, or of a text's bytes; what lies outside is cut off. */
export const sliceOf = (of: Value, from: Value, to: Value | undefined): Value => {
  const whole = typeof of === 'string' ? Buffer.from(of) : of
  if (!Array.isArray(whole) && !(whole instanceof Buffer)) return fail(`cannot slice ${typeName(of)}`)
  const place = (value: Value) => {
    const index = Number(asInteger(value))
    return Math.min(Math.max(index < 0 ? whole.length + index : index, 0), whole.length)
  }
  const end = to === undefined ? whole.length : place(to)
  const part = whole.slice(Math.min(place(from), end), end)
  return Array.isArray(part) ? part : part.toString('utf8')
}
