import { toGoJson, type Value } from '../../values/go-json.ts'
import { parseValue } from '../../values/json-value.ts'
import { printValue, typeName } from '../../values/template/print.ts'
import { fail } from './lexer.ts'
import { asInteger, asText, compare, fetch, isNumber } from './operators.ts'

type Builtin = (values: readonly Value[]) => Value

const argumentsMax = 1_000
const textMaxCharacters = 1_000_000

/** Checks how many values there are. */
const takes =
  (least: number, most: number, call: (...values: Value[]) => Value): Builtin =>
  (values) =>
    values.length < least || values.length > most
      ? fail(`invalid number of arguments (expected ${least}, got ${values.length})`)
      : call(...values)

const onTexts = (least: number, most: number, call: (...texts: string[]) => Value): Builtin =>
  takes(least, most, (...values) => call(...values.map(asText)))

const onNumber = (call: (number: number) => number): Builtin =>
  takes(1, 1, (value) => (isNumber(value as Value) ? call(Number(value)) : unfit(value as Value)))

const unfit = (value: Value): never => fail(`invalid argument (type ${typeName(value)})`)
const asList = (value: Value): Value[] => (Array.isArray(value) ? value : unfit(value))
const asMap = (value: Value): Map<string, Value> => (value instanceof Map ? value : unfit(value))
const asNumbers = (value: Value): (number | bigint)[] =>
  asList(value).map((item) => (isNumber(item) ? item : unfit(item)))
const entriesOf = (value: Value): [string, Value][] => [...asMap(value)].sort(([a], [b]) => compare(a, b))

/** Go's `int`, of numbers and of texts in decimal. */
export const toInteger = (value: Value): Value => {
  if (typeof value !== 'string') return asInteger(value)
  return /^[+-]?\d{1,19}$/.test(value) ? BigInt(value.replace(/^\+/, '')) : fail(`invalid operation: int(${value})`)
}

/** Go's `float`, of numbers and of texts. */
export const toFloat = (value: Value): Value => {
  if (isNumber(value)) return Number(value)
  const isText = typeof value === 'string' && value.trim() === value && value !== '' && !Number.isNaN(Number(value))
  return isText ? Number(value) : fail(`invalid operation: float(${printValue(value)})`)
}

const lengthOf = (value: Value): Value => {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  return value instanceof Map ? BigInt(value.size) : unfit(value)
}

const kindOf = (value: Value): string => {
  if (value === null) return 'nil'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Map) return 'map'
  return typeof value === 'boolean' ? 'bool' : typeName(value).replace('64', '')
}

const trim = (text: string, set: string | undefined): string => {
  if (set === undefined) return text.trim()
  const characters = [...text]
  const isOther = (character: string) => !set.includes(character)
  const first = characters.findIndex(isOther)
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isOther) + 1).join('')
}

/** Go's `SplitN`: the last part holds the rest. */
const split = (text: string, by: string, count = -1n, isKept = false): string[] => {
  const parts = by === '' ? [...text] : text.split(by)
  const kept = parts.map((part, index) => (isKept && index < parts.length - 1 ? part + by : part))
  if (count < 0n || BigInt(kept.length) <= count) return kept
  if (count === 0n) return []
  const last = Number(count) - 1
  return [...kept.slice(0, last), kept.slice(last).join(isKept ? '' : by)]
}

const replace = (text: string, from: string, to: string, count = -1n): string =>
  count < 0n ? text.replaceAll(from, () => to) : split(text, from, count + 1n).join(to)

const byteIndex = (text: string, index: number): Value =>
  index < 0 ? -1n : BigInt(Buffer.byteLength(text.slice(0, index)))

const repeat = (text: Value, count: Value): string => {
  const times = Number(asInteger(count))
  if (times < 0) fail('strings: negative Repeat count')
  const size = asText(text).length * times
  return size > textMaxCharacters ? fail('memory budget exceeded') : asText(text).repeat(times)
}

const sum = (numbers: readonly (number | bigint)[]): number | bigint =>
  numbers.every((number) => typeof number === 'bigint')
    ? numbers.reduce((total, number) => total + number, 0n)
    : numbers.reduce<number>((total, number) => total + Number(number), 0)

const mean = (numbers: readonly (number | bigint)[]): number =>
  numbers.length === 0 ? 0 : Number(sum(numbers.map(Number))) / numbers.length

const median = (numbers: readonly (number | bigint)[]): number => {
  const sorted = numbers.map(Number).sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return mean(sorted.length % 2 === 0 ? sorted.slice(middle - 1, middle + 1) : sorted.slice(middle, middle + 1))
}

/** The first one of those that no other comes before. */
const extreme = (values: readonly Value[], sign: number): Value =>
  values.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best))

const directions: Record<string, number> = { asc: 1, desc: -1 }

const sort = (list: Value, by: (item: Value) => Value, direction: Value = 'asc'): Value => {
  const sign = directions[asText(direction)] ?? fail(`invalid argument for sort: ${printValue(direction)}`)
  const keyed = asList(list).map((item) => ({ item, key: by(item) }))
  if (new Set(keyed.map(({ key }) => typeName(key))).size > 1) fail('cannot sort array of different types')
  return keyed.sort((a, b) => compare(a.key, b.key) * sign).map(({ item }) => item)
}

/** Nil for what is not there. */
const get = (from: Value, key: Value): Value => {
  try {
    return fetch(from, key)
  } catch {
    return null
  }
}

const parseJson = (text: string): Value => {
  try {
    return parseValue(text)
  } catch {
    return fail('the text is not JSON')
  }
}

const fromBase64 = (text: string): string => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes.toString('utf8') : fail('illegal base64 data')
}

const fromPairs = (list: Value): Value =>
  new Map(
    asList(list).map((pair): [string, Value] => {
      const [key = null, value = null, ...more] = asList(pair)
      return more.length === 0 ? [asText(key), value] : fail('invalid pair')
    }),
  )

const joined = (list: Value, glue: Value = ''): string => asList(list).map(asText).join(asText(glue))

const take = (list: Value, count: Value): Value =>
  typeof count === 'bigint' && count >= 0n ? asList(list).slice(0, Number(count)) : unfit(count)

const absolute = (value: Value): Value => (isNumber(value) ? (value < 0 ? -value : value) : unfit(value))

const parts =
  (isKept: boolean) =>
  (text: Value, by: Value, count: Value = -1n): Value =>
    split(asText(text), asText(by), asInteger(count), isKept)

/** The functions of expr-lang that take values; those for dates and durations are left out. */
export const builtins: Readonly<Record<string, Builtin>> = {
  len: takes(1, 1, lengthOf),
  type: takes(1, 1, kindOf),
  abs: takes(1, 1, absolute),
  ceil: onNumber(Math.ceil),
  floor: onNumber(Math.floor),
  round: onNumber((number) => Math.sign(number) * Math.round(Math.abs(number))),
  int: takes(1, 1, toInteger),
  float: takes(1, 1, toFloat),
  string: takes(1, 1, printValue),
  trim: onTexts(1, 2, trim),
  trimPrefix: onTexts(1, 2, (text, prefix = ' ') => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: onTexts(1, 2, (text, suffix = ' ') =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  upper: onTexts(1, 1, (text) => text.toUpperCase()),
  lower: onTexts(1, 1, (text) => text.toLowerCase()),
  split: takes(2, 3, parts(false)),
  splitAfter: takes(2, 3, parts(true)),
  replace: takes(3, 4, (text, from, to, count = -1n) =>
    replace(asText(text), asText(from), asText(to), asInteger(count)),
  ),
  repeat: takes(2, 2, repeat),
  join: takes(1, 2, joined),
  indexOf: onTexts(2, 2, (text, part) => byteIndex(text, text.indexOf(part))),
  lastIndexOf: onTexts(2, 2, (text, part) => byteIndex(text, text.lastIndexOf(part))),
  hasPrefix: onTexts(2, 2, (text, part) => text.startsWith(part)),
  hasSuffix: onTexts(2, 2, (text, part) => text.endsWith(part)),
  max: takes(1, argumentsMax, (...values) => extreme(values, 1)),
  min: takes(1, argumentsMax, (...values) => extreme(values, -1)),
  sum: takes(1, 1, (list) => sum(asNumbers(list))),
  mean: takes(1, 1, (list) => mean(asNumbers(list))),
  median: takes(1, 1, (list) => median(asNumbers(list))),
  toJSON: takes(1, 1, (value) => toGoJson(value, { indent: '  ' })),
  fromJSON: onTexts(1, 1, parseJson),
  toBase64: onTexts(1, 1, (text) => Buffer.from(text).toString('base64')),
  fromBase64: onTexts(1, 1, fromBase64),
  first: takes(1, 1, (list) => get(list, 0n)),
  last: takes(1, 1, (list) => get(list, -1n)),
  get: takes(2, 2, get),
  take: takes(2, 2, take),
  keys: takes(1, 1, (map) => entriesOf(map).map(([key]) => key)),
  values: takes(1, 1, (map) => entriesOf(map).map(([, value]) => value)),
  toPairs: takes(1, 1, entriesOf),
  fromPairs: takes(1, 1, fromPairs),
  sort: takes(1, 2, (list, direction) => sort(list, (item) => item, direction)),
  sortBy: takes(2, 3, (list, field, direction) => sort(list, (item) => get(item, field), direction)),
}
