import { type modifierNames, closing } from './path.ts'
import { pretty, ugly } from './pretty.ts'
import { parseResult, type Result } from './result.ts'
import { elements, members, unescape } from './scan.ts'
import { jsonString } from './strings.ts'

type Get = (text: string, path: string) => Result
type Modifier = (json: string, argument: string, get: Get) => string

/** What a step left: the JSON that it made, and the path after it. */
type Stepped = { json: string; rest: string }

/** A value in the path itself: `!"text"`, `!12`, `!true`; undefined when it is none. */
export const staticValue = (path: string): Stepped | undefined => {
  const name = path.slice(1)
  if (/^[{["+\-0-9]/.test(name)) {
    // Only brackets end such a value; after a string or number the rest of the path belongs to it.
    const end = closing(`[${name.slice(1)}`, 0)
    return { json: name.slice(0, end), rest: name.slice(end) }
  }
  const end = name.search(/[|.]/)
  const word = end < 0 ? name : name.slice(0, end)
  if (!/^(true|false|null|nan|inf)$/i.test(word)) return undefined
  return { json: word, rest: end < 0 ? '' : name.slice(end) }
}

/** Applies the modifier that a path begins with; undefined when there is none of its name. */
export const applyModifier = (json: string, path: string, get: Get): Stepped | undefined => {
  const end = path.search(/[:|.]/)
  const name = end < 0 ? path.slice(1) : path.slice(1, end)
  const modifier = Object.hasOwn(modifiers, name) ? modifiers[name as keyof typeof modifiers] : undefined
  if (modifier === undefined) return undefined
  const [argument, rest] = path[end] === ':' ? splitArgument(path.slice(end + 1)) : ['', end < 0 ? '' : path.slice(end)]
  return { json: modifier(json, argument, get), rest }
}

/** A JSON argument ends with itself, any other at the next pipe. */
const splitArgument = (text: string): [string, string] => {
  if (/^[{["]/.test(text)) {
    const end = closing(text, 0)
    return [text.slice(0, end), text.slice(end)]
  }
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '|') return [text.slice(0, at), text.slice(at)]
    if ('{["('.includes(text[at] as string)) at = closing(text, at) - 1
  }
  return [text, '']
}

const isArray = ({ kind, raw }: Result): boolean => kind === 'json' && raw[0] === '['
const isObject = ({ kind, raw }: Result): boolean => kind === 'json' && raw[0] === '{'
const raws = (array: string): string[] => [...elements(array)].map(({ start, end }) => array.slice(start, end))

/** The members of an argument such as `{"deep":true}`. */
const options = (argument: string): Map<string, Result> => {
  const parsed = parseResult(argument)
  if (!isObject(parsed)) return new Map()
  return new Map([...members(parsed.raw)].map(({ key, value }) => [unescape(key), parseResult(value)]))
}

const isTrue = (value: Result | undefined): boolean =>
  value?.kind === 'true' ||
  (value?.kind === 'number' && Number(value.raw) !== 0) ||
  (value?.kind === 'string' && ['1', 't', 'true'].includes(value.text.toLowerCase()))

/** An array's or object's inside, without its brackets. */
const unwrap = (json: string): string => json.trim().slice(1, -1)

const isValid = (json: string): boolean => {
  try {
    JSON.parse(json)
    return true
  } catch {
    return false
  }
}

const reverse: Modifier = (json) => {
  const parsed = parseResult(json)
  if (isArray(parsed)) return `[${raws(parsed.raw).toReversed().join(',')}]`
  if (!isObject(parsed)) return json
  const pairs = [...members(parsed.raw)].map(({ key, value }) => `${key}:${value}`)
  return `{${pairs.toReversed().join(',')}}`
}

const flatten = (json: string, argument: string): string => {
  const parsed = parseResult(json)
  if (!isArray(parsed)) return json
  const isDeep = isTrue(options(argument).get('deep'))
  const parts = raws(parsed.raw).map((raw) => {
    if (raw[0] !== '[') return raw
    return unwrap(isDeep ? flatten(raw, argument) : raw).trim()
  })
  return `[${parts.filter((part) => part !== '').join(',')}]`
}

const join: Modifier = (json, argument) => {
  const parsed = parseResult(json)
  if (!isArray(parsed)) return json
  const objects = raws(parsed.raw).filter((raw) => raw[0] === '{')
  if (isTrue(options(argument).get('preserve'))) return `{${objects.map(unwrap).join(',')}}`
  const byName = new Map<string, { key: string; value: string }>()
  for (const { key, value } of objects.flatMap((raw) => [...members(raw)])) {
    const name = unescape(key)
    byName.set(name, { key: byName.get(name)?.key ?? key, value })
  }
  return `{${[...byName.values()].map(({ key, value }) => `${key}:${value}`).join(',')}}`
}

const keys: Modifier = (json) => {
  const parsed = parseResult(json)
  if (!parsed.exists) return '[]'
  if (isObject(parsed)) return `[${[...members(parsed.raw)].map(({ key }) => key).join(',')}]`
  return `[${(isArray(parsed) ? raws(parsed.raw) : [parsed.raw]).map(() => 'null').join(',')}]`
}

const values: Modifier = (json) => {
  const parsed = parseResult(json)
  if (!parsed.exists) return '[]'
  if (isArray(parsed)) return json
  if (!isObject(parsed)) return `[${parsed.raw}]`
  return `[${[...members(parsed.raw)].map(({ value }) => value).join(',')}]`
}

/** `{"a":[1,2],"b":[3]}` becomes `[{"a":1,"b":3},{"a":2}]`. */
const group: Modifier = (json) => {
  const parsed = parseResult(json)
  if (!isObject(parsed)) return ''
  const rows: string[][] = []
  for (const { key, value } of members(parsed.raw)) {
    if (value[0] !== '[') continue
    for (const [index, raw] of raws(value).entries()) (rows[index] ??= []).push(`${key}:${raw}`)
  }
  return `[${rows.map((row) => `{${row.join(',')}}`).join(',')}]`
}

/** What the path finds at every depth. */
const dig: Modifier = (json, argument, get) => {
  const found: string[] = []
  const visit = (parent: Result) => {
    const here = get(parent.raw, argument)
    if (here.exists) found.push(here.raw)
    const inner = isArray(parent)
      ? raws(parent.raw)
      : isObject(parent)
        ? [...members(parent.raw)].map((m) => m.value)
        : []
    for (const raw of inner) visit(parseResult(raw))
  }
  visit(parseResult(json))
  return `[${found.join(',')}]`
}

const prettyWith: Modifier = (json, argument) => {
  const given = options(argument)
  const space = (name: string) => given.get(name)?.text.replaceAll(/[^ \t\n\r]/g, '')
  const width = given.get('width')
  return pretty(json, {
    width: width === undefined ? undefined : Math.trunc(Number(width.text)) || 0,
    prefix: space('prefix'),
    indent: space('indent'),
    sortKeys: isTrue(given.get('sortKeys')),
  })
}

const modifiers: Record<(typeof modifierNames)[number], Modifier> = {
  pretty: prettyWith,
  ugly,
  reverse,
  this: (json) => json,
  flatten,
  join,
  valid: (json) => (isValid(json) ? json : ''),
  keys,
  values,
  tostr: (json) => jsonString(json),
  fromstr: (json) => (isValid(json) ? parseResult(json).text : ''),
  group,
  dig,
}
