import type { Value } from '../go-json.ts'
import { type Functions, takes } from './functions.ts'
import { isTrue, printValue, typeName } from './print.ts'
import { sprintf } from './printf.ts'

/** How Go orders two values of one basic kind; undefined for kinds that have no order, throws for two kinds. */
const compare = (a: Value, b: Value): number => {
  const kind = typeof a
  if (kind !== 'bigint' && kind !== 'number' && kind !== 'string') throw new Error('invalid type for comparison')
  if (typeof b !== kind) throw new Error('incompatible types for comparison')
  if (kind === 'string') return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string))
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

const equal = (a: Value, b: Value): boolean => {
  if (a === null || b === null) return a === b
  if (typeof a === 'object' || typeof b === 'object') throw new Error(`non-comparable type ${typeName(a)}`)
  if (typeof a !== typeof b) throw new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)
  return a === b
}

const equalsAny = (first: Value, ...others: Value[]): boolean => {
  if (others.length === 0) throw new Error('missing argument for comparison')
  return others.some((other) => equal(first, other))
}

const index = (item: Value, ...keys: Value[]): Value => {
  let value = item
  for (const key of keys) {
    if (value === null) throw new Error('index of untyped nil')
    if (value instanceof Map) {
      if (typeof key !== 'string') throw new Error(`value has type ${typeName(key)}; should be string`)
      value = value.get(key) ?? null
      continue
    }
    if (!Array.isArray(value) && typeof value !== 'string')
      throw new Error(`can't index item of type ${typeName(value)}`)
    if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`)
    const bytes = typeof value === 'string' ? [...Buffer.from(value)].map(BigInt) : value
    if (key < 0n || key >= BigInt(bytes.length)) throw new Error(`error calling index: index out of range: ${key}`)
    value = bytes[Number(key)] ?? null
  }
  return value
}

const length = (value: Value): bigint => {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  if (value instanceof Map) return BigInt(value.size)
  throw new Error(value === null ? 'len of nil pointer' : `len of type ${typeName(value)}`)
}

/** Go's `Sprint`: a space between two values that are both no text. */
const print = (...values: Value[]): string =>
  values
    .map((value, at) => {
      const before = values[at - 1]
      const isApart = at > 0 && typeof value !== 'string' && typeof before !== 'string'
      return `${isApart ? ' ' : ''}${printValue(value)}`
    })
    .join('')

/** One text stands for itself, anything else as `Sprint` prints it. */
const asText = (values: readonly Value[]): string => print(...values)

const htmlEscapes: Record<string, string> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\u0000': '\ufffd',
}

const jsEscapes: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

const escapeJs = (text: string): string =>
  text.replaceAll(/[\\'"<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return jsEscapes[character] ?? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })

/** Go's `url.QueryEscape`. */
const escapeQuery = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')

/** The functions that Go's templates have by themselves; `and`, `or` and `call` are part of how templates run. */
export const builtins: Functions = {
  not: takes('a', (value: Value) => !isTrue(value)),
  eq: takes('aa*', equalsAny),
  ne: takes('aa', (a: Value, b: Value) => !equal(a, b)),
  lt: takes('aa', (a: Value, b: Value) => compare(a, b) < 0),
  le: takes('aa', (a: Value, b: Value) => compare(a, b) <= 0),
  gt: takes('aa', (a: Value, b: Value) => compare(a, b) > 0),
  ge: takes('aa', (a: Value, b: Value) => compare(a, b) >= 0),
  index: takes('aa*', index),
  len: takes('a', length),
  print: takes('a*', print),
  println: takes('a*', (...values: Value[]) => `${values.map(printValue).join(' ')}\n`),
  printf: takes('sa*', (format: string, ...values: Value[]) => sprintf(format, values)),
  html: takes('a*', (...values: Value[]) =>
    asText(values).replaceAll(/["'&<>\0]/g, (character) => htmlEscapes[character] ?? character),
  ),
  js: takes('a*', (...values: Value[]) => escapeJs(asText(values))),
  urlquery: takes('a*', (...values: Value[]) => escapeQuery(asText(values))),
}
