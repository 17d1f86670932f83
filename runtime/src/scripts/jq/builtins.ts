import { encode } from './encode.ts'
import type { Meter } from './meter.ts'
import { formats } from './formats.ts'
import { fail } from './lexer.ts'
import { deleteAll, indicesOf, type Path, stepInto, updateAt } from './paths.ts'
import { matchAll } from './regex.ts'
import { breakDown, formatTime, parseTime, putTogether } from './time.ts'
import { bounded, combine, compare, isNumber, isObject, isTruthy, type Json, sortedKeys, typeName } from './values.ts'

type Work = (meter: Meter, input: Json, args: Json[]) => Json

const text = (value: Json, what: string): string =>
  typeof value === 'string' ? value : fail(`${what} cannot be applied to ${typeName(value)}`)
const list = (value: Json, what: string): Json[] =>
  Array.isArray(value) ? value : fail(`${what} cannot be applied to ${typeName(value)}`)
const number = (value: Json, what: string): number =>
  isNumber(value) ? Number(value) : fail(`${what} cannot be applied to ${typeName(value)}`)

const onText =
  (what: string, work: (input: string) => Json): Work =>
  (_, input) =>
    work(text(input, what))
const onNumber =
  (what: string, work: (input: number) => Json): Work =>
  (_, input) =>
    work(number(input, what))

const sorted = ({ tick }: Meter, input: Json[]): Json[] => [...input].sort((a, b) => compare(a, b, tick))

/** Pairs of sort key and value, by key, as the `_by` functions need them. */
const byKey = ({ tick }: Meter, input: Json): [Json, Json][] =>
  (list(input, 'sort_by') as [Json, Json][]).sort((a, b) => compare(a[0], b[0], tick))
const groups = (meter: Meter, input: Json): [Json, Json][][] => {
  const all: [Json, Json][][] = []
  for (const pair of byKey(meter, input)) {
    const last = all.at(-1)
    if (last && compare((last[0] as [Json, Json])[0], pair[0], meter.tick) === 0) last.push(pair)
    else all.push([pair])
  }
  return all
}
const best = ({ tick }: Meter, pairs: Json, isBetter: (order: number) => boolean): Json => {
  let found: [Json, Json] | undefined
  for (const pair of list(pairs, 'min_by') as [Json, Json][])
    if (found === undefined || isBetter(compare(pair[0], found[0], tick))) found = pair
  return found?.[1] ?? null
}

const contains = (meter: Meter, left: Json, right: Json): boolean => {
  meter.tick()
  if (isObject(left) && isObject(right))
    return Object.entries(right).every(
      ([key, value]) => Object.hasOwn(left, key) && contains(meter, left[key] as Json, value),
    )
  if (Array.isArray(left) && Array.isArray(right))
    return right.every((wanted) => left.some((one) => contains(meter, one, wanted)))
  if (typeof left === 'string' && typeof right === 'string') return left.includes(right)
  if (typeName(left) === typeName(right)) return compare(left, right, meter.tick) === 0
  return fail(`${typeName(left)} cannot contain ${typeName(right)}`)
}

const flat = (meter: Meter, input: Json[], depth: number): Json[] =>
  input.flatMap((one) => {
    meter.tick()
    return Array.isArray(one) && depth > 0 ? flat(meter, one, depth - 1) : [one]
  })

const charactersOf = (value: string): number => Array.from(value).length

const indices = (input: Json, wanted: Json): Json => {
  if (input === null) return null
  if (typeof input === 'string' && typeof wanted === 'string') {
    const found: number[] = []
    if (wanted === '') return null
    for (let at = input.indexOf(wanted); at >= 0; at = input.indexOf(wanted, at + 1))
      found.push(charactersOf(input.slice(0, at)))
    return found
  }
  const all = list(input, 'indices')
  return indicesOf(all, Array.isArray(wanted) ? wanted : [wanted])
}

const joined = (input: Json[], separator: string): Json => {
  const parts = input.map((one) => {
    if (one === null) return ''
    if (typeof one === 'string') return one
    return typeof one === 'object' ? fail('join needs texts') : encode(one)
  })
  return bounded(parts.join(separator))
}

const length = (value: Json): Json => {
  if (value === null) return 0
  if (typeof value === 'string') return charactersOf(value)
  if (Array.isArray(value)) return value.length
  if (typeof value === 'object') return Object.keys(value).length
  if (typeof value === 'bigint') return value < 0n ? -value : value
  return typeof value === 'number' ? Math.abs(value) : fail('a boolean has no length')
}

const parseNumber = (given: string): Json => {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(given)) return fail(`${JSON.stringify(given)} is no number`)
  return Number(given)
}

const parseJson = (given: string): Json => {
  try {
    return JSON.parse(given) as Json
  } catch {
    return fail(`${JSON.stringify(given.slice(0, 50))} is no JSON`)
  }
}

const mathFunctions = Object.fromEntries(
  (
    [
      'floor',
      'ceil',
      'trunc',
      'sqrt',
      'cbrt',
      'exp',
      'expm1',
      'log',
      'log2',
      'log10',
      'log1p',
      'sin',
      'cos',
      'tan',
      'asin',
      'acos',
      'atan',
      'sinh',
      'cosh',
      'tanh',
      'asinh',
      'acosh',
      'atanh',
      'abs',
    ] as const
  ).map((name): [string, Work] => [`${name}/0`, onNumber(name, (input) => Math[name](input))]),
)

/** The functions of jq that are given values; the rest is written in jq itself. */
export const builtins: Record<string, Work> = {
  ...mathFunctions,
  'round/0': onNumber('round', (input) => Math.sign(input) * Math.round(Math.abs(input))),
  'exp2/0': onNumber('exp2', (input) => 2 ** input),
  'exp10/0': onNumber('exp10', (input) => 10 ** input),
  'fabs/0': onNumber('fabs', Math.abs),
  'significand/0': onNumber('significand', (input) =>
    input === 0 ? 0 : input / 2 ** Math.floor(Math.log2(Math.abs(input))),
  ),
  'pow/2': (_, __, [base, power]) => number(base as Json, 'pow') ** number(power as Json, 'pow'),
  'atan2/2': (_, __, [y, x]) => Math.atan2(number(y as Json, 'atan2'), number(x as Json, 'atan2')),
  'fmin/2': (_, __, [a, b]) => Math.min(number(a as Json, 'fmin'), number(b as Json, 'fmin')),
  'fmax/2': (_, __, [a, b]) => Math.max(number(a as Json, 'fmax'), number(b as Json, 'fmax')),
  'fmod/2': (_, __, [a, b]) => number(a as Json, 'fmod') % number(b as Json, 'fmod'),
  'infinite/0': () => Number.POSITIVE_INFINITY,
  'nan/0': () => Number.NaN,
  'isinfinite/0': onNumber('isinfinite', (input) => Math.abs(input) === Number.POSITIVE_INFINITY),
  'isnan/0': onNumber('isnan', Number.isNaN),
  'isnormal/0': onNumber('isnormal', (input) => Number.isFinite(input) && Math.abs(input) >= 2 ** -1022),
  'not/0': (_, input) => !isTruthy(input),
  'length/0': (_, input) => length(input),
  'utf8bytelength/0': onText('utf8bytelength', (input) => Buffer.byteLength(input)),
  'type/0': (_, input) => typeName(input),
  'keys/0': (_, input) =>
    Array.isArray(input)
      ? [...input.keys()]
      : isObject(input)
        ? sortedKeys(input)
        : fail(`${typeName(input)} has no keys`),
  'has/1': (_, input, [key]) => {
    if (isObject(input) && typeof key === 'string') return Object.hasOwn(input, key)
    if (Array.isArray(input) && isNumber(key as Json)) return Number(key) >= 0 && Number(key) < input.length
    return fail(`${typeName(input)} cannot have ${typeName(key as Json)} as a key`)
  },
  'contains/1': (meter, input, [wanted]) => contains(meter, input, wanted as Json),
  'tostring/0': (_, input) => (typeof input === 'string' ? input : encode(input)),
  'tojson/0': (_, input) => encode(input),
  'fromjson/0': onText('fromjson', parseJson),
  'tonumber/0': (_, input) => (isNumber(input) ? input : parseNumber(text(input, 'tonumber'))),
  'toboolean/0': (_, input) =>
    typeof input === 'boolean'
      ? input
      : ['true', 'false'].includes(text(input, 'toboolean'))
        ? input === 'true'
        : fail('this is no boolean'),
  'sort/0': (meter, input) => sorted(meter, list(input, 'sort')),
  'unique/0': (meter, input) =>
    sorted(meter, list(input, 'unique')).filter(
      (one, index, all) => index === 0 || compare(one, all[index - 1] as Json, meter.tick) !== 0,
    ),
  'min/0': (meter, input) => sorted(meter, list(input, 'min'))[0] ?? null,
  'max/0': (meter, input) => sorted(meter, list(input, 'max')).at(-1) ?? null,
  '_sort_by/0': (meter, input) => byKey(meter, input).map(([, value]) => value),
  '_group_by/0': (meter, input) => groups(meter, input).map((group) => group.map(([, value]) => value)),
  '_unique_by/0': (meter, input) => groups(meter, input).map((group) => (group[0] as [Json, Json])[1]),
  '_min_by/0': (meter, input) => best(meter, input, (order) => order < 0),
  '_max_by/0': (meter, input) => best(meter, input, (order) => order >= 0),
  'reverse/0': (_, input) =>
    input === null
      ? []
      : typeof input === 'string'
        ? [...input].toReversed().join('')
        : list(input, 'reverse').toReversed(),
  'flatten/0': (meter, input) => flat(meter, list(input, 'flatten'), Number.POSITIVE_INFINITY),
  'flatten/1': (meter, input, [depth]) =>
    number(depth as Json, 'flatten') < 0
      ? fail('flatten needs a depth of 0 or more')
      : flat(meter, list(input, 'flatten'), Number(depth)),
  'indices/1': (_, input, [wanted]) => indices(input, wanted as Json),
  'join/1': (_, input, [separator]) => joined(list(input, 'join'), text(separator as Json, 'join')),
  'startswith/1': (_, input, [start]) => text(input, 'startswith').startsWith(text(start as Json, 'startswith')),
  'endswith/1': (_, input, [end]) => text(input, 'endswith').endsWith(text(end as Json, 'endswith')),
  'ltrimstr/1': (_, input, [start]) =>
    typeof input === 'string' && typeof start === 'string' && input.startsWith(start)
      ? input.slice(start.length)
      : input,
  'rtrimstr/1': (_, input, [end]) =>
    typeof input === 'string' && typeof end === 'string' && end !== '' && input.endsWith(end)
      ? input.slice(0, -end.length)
      : input,
  'trim/0': onText('trim', (input) => input.trim()),
  'ltrim/0': onText('ltrim', (input) => input.trimStart()),
  'rtrim/0': onText('rtrim', (input) => input.trimEnd()),
  'explode/0': onText('explode', (input) => [...input].map((one) => one.codePointAt(0) as number)),
  'implode/0': (_, input) =>
    list(input, 'implode')
      .map((one) => {
        const code = number(one, 'implode')
        return Number.isInteger(code) && code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
      })
      .join('')
      .toWellFormed(),
  'split/1': (_, input, [separator]) => combine('/', text(input, 'split'), text(separator as Json, 'split'), () => {}),
  'ascii_downcase/0': onText('ascii_downcase', (input) => input.replace(/[A-Z]/g, (one) => one.toLowerCase())),
  'ascii_upcase/0': onText('ascii_upcase', (input) => input.replace(/[a-z]/g, (one) => one.toUpperCase())),
  'ascii/0': onNumber('ascii', (input) => String.fromCharCode(input)),
  '_match/2': (meter, input, [pattern, flags]) =>
    matchAll(
      meter,
      text(input, 'match'),
      text(pattern as Json, 'match'),
      flags === null ? '' : text(flags as Json, 'match'),
    ),
  'setpath/2': (_, input, [path, value]) => updateAt(input, list(path as Json, 'setpath'), () => value as Json),
  'delpaths/1': ({ tick }, input, [paths]) => deleteAll(input, list(paths as Json, 'delpaths') as Path[], tick),
  'transpose/0': (_, input) => {
    const rows = list(input, 'transpose').map((row) => list(row, 'transpose'))
    return Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, at) =>
      rows.map((row) => row[at] ?? null),
    )
  },
  'format/1': (_, input, [name]) =>
    (formats[`@${text(name as Json, 'format')}`] ?? fail(`format ${name} is not defined`))(input),
  'bsearch/1': ({ tick }, input, [wanted]) => {
    const all = list(input, 'bsearch')
    const found = all.findIndex((one) => compare(one, wanted as Json, tick) >= 0)
    const place = found < 0 ? all.length : found
    return compare(stepInto(all, place), wanted as Json, tick) === 0 && place < all.length ? place : -1 - place
  },
  'env/0': () => ({}),
  'input_filename/0': () => null,
  'input_line_number/0': () => 0,
  'now/0': () => Date.now() / 1_000,
  'gmtime/0': onNumber('gmtime', breakDown),
  'localtime/0': onNumber('localtime', breakDown),
  'mktime/0': (_, input) => Math.floor(putTogether(list(input, 'mktime'))),
  'strftime/1': (_, input, [format]) => formatTime(input, text(format as Json, 'strftime')),
  'strflocaltime/1': (_, input, [format]) => formatTime(input, text(format as Json, 'strflocaltime')),
  'strptime/1': (_, input, [format]) => parseTime(text(input, 'strptime'), text(format as Json, 'strptime')),
  'halt/0': () => fail('halt'),
  'input/0': () => fail('there is no more input'),
  'debug/0': (_, input) => input,
  'stderr/0': (_, input) => input,
}
