import { applyModifier, staticValue } from './modifiers.ts'
import { type ArrayPart, arrayPart, nameOfLast, type ObjectPart, objectPart, parseMultipath } from './path.ts'
import { matchesPattern } from './match.ts'
import { fitsQuery } from './query.ts'
import { jsonResult, missing, parseResult, type Result, valueAt } from './result.ts'
import { skipSeparators, skipString, skipValue, unescape } from './scan.ts'
import { jsonString } from './strings.ts'

export type { Result } from './result.ts'

/** One look-up: what it set on the way. */
type Search = {
  text: string
  /** A path for the value found, after a pipe. */
  pipe: string | undefined
  /** The array that a query with `#` collected: it stands when nothing else is found. */
  collected: Result | undefined
}

/**
 * Looks a value up in JSON text without parsing the rest, by gjson's path syntax. Number text, key order and repeated keys stay as they
 * are; the first of equal keys wins. The text must be valid JSON.
 */
export const get = (text: string, path: string): Result => {
  const special = path.length > 1 ? getSpecial(text, path) : undefined
  if (special !== undefined) return special
  const search: Search = { text, pipe: undefined, collected: undefined }
  const found = start(search, path) ?? search.collected ?? missing
  if (search.pipe === undefined) return found
  const { indexes: _, ...piped } = get(found.raw, search.pipe)
  return { ...piped, index: 0 }
}

/** Whether what a query found is there: `exists` of a path. */
const start = (search: Search, path: string): Result | undefined => {
  if (path.startsWith('..')) return inArray(search, 0, path.slice(2))
  const at = skipSeparators(search.text, 0)
  return inside(search, at, path)
}

const inside = (search: Search, at: number, path: string): Result | undefined => {
  const code = search.text.charCodeAt(at)
  if (code === 123) return inObject(search, at + 1, path)
  return code === 91 ? inArray(search, at + 1, path) : undefined
}

/** Modifiers `@name`, literals `!value` and multipaths; undefined when the path is an ordinary one. */
const getSpecial = (text: string, path: string): Result | undefined => {
  const first = path[0]
  if (first === '@' || first === '!') {
    const stepped = first === '@' ? applyModifier(text, path, get) : staticValue(path)
    if (stepped === undefined) return undefined
    const { json, rest } = stepped
    if (rest[0] !== '|' && rest[0] !== '.') return parseResult(json)
    const { indexes: _, ...found } = get(json, rest.slice(1))
    return { ...found, index: 0 }
  }
  return first === '[' || first === '{' ? getMany(text, path, first) : undefined
}

const getMany = (text: string, path: string, kind: '[' | '{'): Result | undefined => {
  const multipath = parseMultipath(path)
  if (multipath === undefined || !/^([|.]|$)/.test(multipath.rest)) return undefined
  const values = multipath.parts.flatMap(({ name, path: inner }) => {
    const found = get(text, inner)
    if (!found.exists) return []
    return [kind === '[' ? found.raw : `${memberName(name, inner)}:${found.raw}`]
  })
  const json = kind === '[' ? `[${values.join(',')}]` : `{${values.join(',')}}`
  return multipath.rest === '' ? jsonResult(json) : { ...get(json, multipath.rest.slice(1)), index: 0 }
}

const memberName = (name: string, path: string): string => {
  if (name === '') return jsonString(nameOfLast(path))
  return /^"(?:[^"\\]|\\.)*"$/.test(name) ? name : jsonString(name)
}

const inObject = (search: Search, start: number, path: string): Result | undefined => {
  const { text } = search
  const part = objectPart(path)
  if (part.rest === undefined && part.pipe !== undefined) search.pipe = part.pipe
  let at = skipSeparators(text, start)
  while (text.charCodeAt(at) === 34) {
    const keyEnd = skipString(text, at)
    const value = skipSeparators(text, keyEnd)
    if (isKey(part, text, at, keyEnd)) {
      const found = part.rest === undefined ? valueAt(text, value) : inside(search, value, part.rest)
      if (found !== undefined) return found
    }
    at = skipSeparators(text, skipValue(text, value))
  }
  return undefined
}

const isKey = ({ name, isPattern }: ObjectPart, text: string, start: number, end: number): boolean => {
  const isPlain = text.lastIndexOf('\\', end - 2) <= start
  if (!isPattern && isPlain) return end - start - 2 === name.length && text.startsWith(name, start + 1)
  const key = isPlain ? text.slice(start + 1, end - 1) : unescape(text.slice(start, end))
  return isPattern ? matchesPattern(key, name) : key === name
}

const inArray = (search: Search, start: number, path: string): Result | undefined => {
  const part = arrayPart(path)
  if (part.rest === undefined && part.pipe !== undefined) search.pipe = part.pipe
  if (part.query !== undefined) return findByQuery(search, start, part)
  if (part.isAll) return part.rest === undefined ? count(search.text, start) : collect(search, start, part)
  if (part.index < 0) return undefined
  let position = part.index
  for (const at of starts(search.text, start)) {
    if (position === 0) return part.rest === undefined ? valueAt(search.text, at) : inside(search, at, part.rest)
    position -= 1
  }
  return undefined
}

/** Where the elements of an array begin; `start` is inside its bracket. */
function* starts(text: string, start: number): Generator<number> {
  let at = skipSeparators(text, start)
  while (at < text.length && text.charCodeAt(at) !== 93) {
    yield at
    at = skipSeparators(text, skipValue(text, at))
  }
}

const count = (text: string, start: number): Result => {
  const raw = String([...starts(text, start)].length)
  return { exists: true, kind: 'number', raw, text: raw, index: 0 }
}

/** `#.rest`: what `rest` finds in every element. */
const collect = (search: Search, start: number, { rest = '', pipe }: ArrayPart): Result => {
  if (pipe !== undefined) search.pipe = pipe
  const raws: string[] = []
  const indexes: number[] = []
  for (const at of starts(search.text, start)) {
    const element = valueAt(search.text, at)
    const found = get(element.raw, rest)
    if (!found.exists) continue
    raws.push(found.raw)
    indexes.push(element.kind === 'json' ? at + found.index : found.index)
  }
  return { ...jsonResult(`[${raws.join(',')}]`), indexes }
}

const findByQuery = (search: Search, start: number, part: ArrayPart): Result | undefined => {
  const query = part.query as NonNullable<ArrayPart['query']>
  const raws: string[] = []
  const indexes: number[] = []
  for (const at of starts(search.text, start)) {
    const element = valueAt(search.text, at)
    if (element.kind !== 'json' && query.path !== '') continue
    if (!fitsQuery(query, element.kind === 'json' ? get(element.raw, query.path) : element)) continue
    if (part.pipe !== undefined) search.pipe = part.pipe
    const found = part.rest === undefined ? { ...element, index: 0 } : get(element.raw, part.rest)
    if (!query.all) {
      const isPlaced = part.rest === undefined || found.index > 0
      return isPlaced ? { ...found, index: at + found.index } : found
    }
    if (!found.exists) continue
    raws.push(found.raw)
    indexes.push(at + found.index)
  }
  if (query.all) search.collected ??= { ...jsonResult(`[${raws.join(',')}]`), indexes }
  return undefined
}
