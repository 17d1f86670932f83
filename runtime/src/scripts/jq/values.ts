import { fail } from './lexer.ts'

/** What programs work on. Whole numbers that a float cannot hold are bigints. */
export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

const lengthMax = 1_000_000
const textMaxCharacters = 16 * 2 ** 20

export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const isNumber = (value: Json): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'
export const isTruthy = (value: Json): boolean => value !== null && value !== false

export const typeName = (value: Json): string => {
  if (value === null) return 'null'
  if (isNumber(value)) return 'number'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

/** Go's order of texts is that of code points, not of UTF-16 units. */
const compareText = (left: string, right: string): number => {
  if (left === right) return 0
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)]
    if (a !== b) return (left.codePointAt(at) as number) < (right.codePointAt(at) as number) ? -1 : 1
  }
  return left.length - right.length
}

export const sortedKeys = (object: JsonObject): string[] => Object.keys(object).sort(compareText)

const rank = (value: Json): number => {
  if (typeof value === 'boolean') return value ? 2 : 1
  return { null: 0, number: 3, string: 4, array: 5, object: 6 }[typeName(value)] ?? 0
}

/** jq's order of all values; `tick` counts the work, for values that hold the same part many times. */
export const compare = (left: Json, right: Json, tick: () => void): number => {
  tick()
  const byRank = rank(left) - rank(right)
  if (byRank !== 0) return byRank
  if (isNumber(left) && isNumber(right)) return left < right || Number.isNaN(left) ? -1 : left > right ? 1 : 0
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let at = 0; at < left.length && at < right.length; at += 1) {
      const order = compare(left[at] as Json, right[at] as Json, tick)
      if (order !== 0) return order
    }
    return left.length - right.length
  }
  if (isObject(left) && isObject(right)) {
    const [leftKeys, rightKeys] = [sortedKeys(left), sortedKeys(right)]
    const byKeys = compare(leftKeys, rightKeys, tick)
    if (byKeys !== 0) return byKeys
    for (const key of leftKeys) {
      const order = compare(left[key] as Json, right[key] as Json, tick)
      if (order !== 0) return order
    }
  }
  return 0
}

const exact = (value: number | bigint): bigint | undefined => {
  if (typeof value === 'bigint') return value
  return Number.isSafeInteger(value) ? BigInt(value) : undefined
}
const normal = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
const numeric = (
  left: number | bigint,
  right: number | bigint,
  floats: (a: number, b: number) => number,
  whole: (a: bigint, b: bigint) => bigint,
): number | bigint => {
  if (typeof left === 'number' && typeof right === 'number') return floats(left, right)
  const [a, b] = [exact(left), exact(right)]
  return a === undefined || b === undefined ? floats(Number(left), Number(right)) : normal(whole(a, b))
}

/** A value that may be kept: programs can double one at every step. */
export const bounded = <T extends string | Json[]>(value: T): T => {
  if (value.length > (typeof value === 'string' ? textMaxCharacters : lengthMax)) fail('a value grows too large')
  return value
}

const unfit = (operation: string, left: Json, right: Json): never =>
  fail(`${typeName(left)} and ${typeName(right)} cannot be ${operation}`)

/** The arithmetic of jq. */
const arithmetic: Record<string, (left: Json, right: Json, tick: () => void) => Json> = {
  '+': (left, right) => {
    if (left === null) return right
    if (right === null) return left
    if (isNumber(left) && isNumber(right))
      return numeric(
        left,
        right,
        (a, b) => a + b,
        (a, b) => a + b,
      )
    if (typeof left === 'string' && typeof right === 'string') {
      if (left.length + right.length > textMaxCharacters) fail('a value grows too large')
      return left + right
    }
    if (Array.isArray(left) && Array.isArray(right)) return bounded([...left, ...right])
    if (isObject(left) && isObject(right)) return { ...left, ...right }
    return unfit('added', left, right)
  },
  '-': (left, right, tick) => {
    if (isNumber(left) && isNumber(right))
      return numeric(
        left,
        right,
        (a, b) => a - b,
        (a, b) => a - b,
      )
    if (Array.isArray(left) && Array.isArray(right))
      return left.filter((one) => !right.some((other) => compare(one, other, tick) === 0))
    return unfit('subtracted', left, right)
  },
  '*': (left, right) => {
    if (isNumber(left) && isNumber(right))
      return numeric(
        left,
        right,
        (a, b) => a * b,
        (a, b) => a * b,
      )
    if (typeof left === 'string' && isNumber(right)) return repeated(left, Number(right))
    if (isNumber(left) && typeof right === 'string') return repeated(right, Number(left))
    if (isObject(left) && isObject(right)) return merged(left, right)
    return unfit('multiplied', left, right)
  },
  '/': (left, right) => {
    if (isNumber(left) && isNumber(right)) {
      if (Number(right) === 0) fail('a number cannot be divided by zero')
      return Number(left) / Number(right)
    }
    if (typeof left === 'string' && typeof right === 'string') return left === '' ? [] : left.split(right)
    return unfit('divided', left, right)
  },
  '%': (left, right) => {
    if (!isNumber(left) || !isNumber(right)) return unfit('divided', left, right)
    if (Number.isNaN(Number(left)) || Number.isNaN(Number(right))) return Number.NaN
    const divisor = Math.abs(Math.trunc(Number(right)))
    if (divisor === 0) fail('a number cannot be divided by zero')
    return (Math.trunc(Number(left)) % divisor) + 0
  },
}

const repeated = (text: string, times: number): Json => {
  if (!(times > 0)) return null
  const count = Math.max(1, Math.floor(times))
  if (text.length * count > textMaxCharacters) fail('a value grows too large')
  return text.repeat(count)
}

const merged = (left: JsonObject, right: JsonObject): JsonObject => {
  let result = left
  for (const [key, value] of Object.entries(right)) {
    const old = Object.hasOwn(left, key) ? (left[key] as Json) : null
    result = { ...result, [key]: isObject(old) && isObject(value) ? merged(old, value) : value }
  }
  return result
}

/** What an operator makes of two values. */
export const combine = (operator: string, left: Json, right: Json, tick: () => void): Json => {
  const work = arithmetic[operator]
  if (work) return work(left, right, tick)
  const order = compare(left, right, tick)
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    default:
      return order >= 0
  }
}
