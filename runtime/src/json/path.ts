import { unescape } from './scan.ts'

/** Go's gjson has these modifiers. */
export const modifierNames = [
  'pretty',
  'ugly',
  'reverse',
  'this',
  'flatten',
  'join',
  'valid',
  'keys',
  'values',
  'tostr',
  'fromstr',
  'group',
  'dig',
] as const

/** The first part of a path where an object is: a key, perhaps with wildcards, and what comes after it. */
export type ObjectPart = { name: string; isPattern: boolean; rest?: string; pipe?: string }

/** The first part of a path where an array is. */
export type ArrayPart = {
  /** An index, or -1 when the part is none. */
  index: number
  /** `#`: all elements. */
  isAll: boolean
  query?: Query
  rest?: string
  pipe?: string
}

/** `#(path op value)`, and with `all` a `#` after it. */
export type Query = { path: string; op: string; value: string; all: boolean }

const cacheMax = 4_000

const cached = <T>(parse: (path: string) => T): ((path: string) => T) => {
  const known = new Map<string, T>()
  return (path) => {
    let parsed = known.get(path)
    if (parsed === undefined) {
      parsed = parse(path)
      if (known.size < cacheMax) known.set(path, parsed)
    }
    return parsed
  }
}

const isModifier = (name: string): boolean => modifierNames.some((known) => known === name)

/** What follows a dot: a rest to look up further, or for modifiers and multipaths a path of its own. */
const after = (path: string): { rest: string } | { pipe: string } => {
  if (path === '' || !(path[0] === '@' || path[0] === '[' || path[0] === '{')) return { rest: path }
  if (path[0] !== '@') return { pipe: path }
  return isModifier(/^@([^.|:]*)/.exec(path)?.[1] ?? '') ? { pipe: path } : { rest: path }
}

export const objectPart = cached((path: string): ObjectPart => {
  let name = ''
  let isPattern = false
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at] as string
    if (character === '|') return { name, isPattern, pipe: path.slice(at + 1) }
    if (character === '.') return { name, isPattern, ...after(path.slice(at + 1)) }
    if (character === '\\') {
      at += 1
      name += path[at] ?? ''
    } else {
      isPattern ||= character === '*' || character === '?'
      name += character
    }
  }
  return { name, isPattern }
})

export const arrayPart = cached((path: string): ArrayPart => {
  const none = { index: -1, isAll: false }
  if (path.startsWith('#.')) {
    const [rest, pipe] = splitPipe(path.slice(2))
    return { index: -1, isAll: true, rest, ...(pipe !== undefined && { pipe }) }
  }
  if (path.startsWith('#(') || path.startsWith('#[')) return queryPart(path)
  const end = path.search(/[.|]/)
  const name = end < 0 ? path : path.slice(0, end)
  const part = name === '#' ? { ...none, isAll: true } : /^\d+$/.test(name) ? { ...none, index: Number(name) } : none
  if (end < 0) return part
  const rest = path.slice(end + 1)
  if (path[end] === '|') return { ...part, pipe: rest }
  return { ...part, ...(name.includes('#') ? { rest } : after(rest)) }
})

const queryPart = (path: string): ArrayPart => {
  const parsed = parseQuery(path)
  const none = { index: -1, isAll: false }
  if (parsed === undefined) return { ...none, query: { path: '', op: '', value: '', all: false } }
  const all = path[parsed.end] === '#'
  const { end: _, ...rest } = parsed
  const query = { ...rest, all }
  const tail = path.slice(parsed.end)
  const next = tail.search(/[.|]/)
  if (next < 0) return { ...none, query }
  if (tail[next] === '|') return { ...none, query, pipe: tail.slice(next + 1) }
  const [left, pipe] = splitPipe(tail.slice(next + 1))
  return { ...none, query, rest: left, ...(pipe !== undefined && { pipe }) }
}

const isSpace = (character: string | undefined): boolean => character !== undefined && character <= ' '

const trim = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text[start])) start += 1
  while (end > start && isSpace(text[end - 1])) end -= 1
  return text.slice(start, end)
}

/** Reads a query at the start of a path; undefined when its bracket is never closed. */
const parseQuery = (text: string): (Omit<Query, 'all'> & { end: number }) | undefined => {
  let depth = 1
  let valueAt = 0
  let isEscaped = false
  let at = 2
  for (; at < text.length; at += 1) {
    const character = text[at] as string
    if (depth === 1 && valueAt === 0 && '!=<>%'.includes(character)) {
      valueAt = at
    } else if (character === '\\') at += 1
    else if (character === '[' || character === '(') depth += 1
    else if (character === ']' || character === ')') {
      depth -= 1
      if (depth === 0) break
    } else if (character === '"') {
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
        if (text[at] !== '\\') continue
        isEscaped = true
        at += 1
      }
    }
  }
  if (depth > 0) return undefined
  if (valueAt === 0) return { path: trim(text.slice(2, at)), op: '', value: '', end: at + 1 }
  const right = trim(text.slice(valueAt, at))
  const [written = '', op = written] = /^(?:!=|!%|<=|>=|=(=)|.)/.exec(right) ?? []
  const value = trim(right.slice(written.length))
  return { path: trim(text.slice(2, valueAt)), op, value: unquote(value, isEscaped), end: at + 1 }
}

const unquote = (value: string, isEscaped: boolean): string => {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value
  return isEscaped ? unescape(value) : value.slice(1, -1)
}

/** Splits a path at its first pipe that is not inside a query. */
const splitPipe = (path: string): [string, string | undefined] => {
  if (!path.includes('|')) return [path, undefined]
  if (path[0] === '{') {
    const end = closing(path, 0)
    return path[end] === '|' ? [path.slice(0, end), path.slice(end + 1)] : [path, undefined]
  }
  for (let at = 0; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1
    else if (path[at] === '|') return [path.slice(0, at), path.slice(at + 1)]
    else if (path[at] === '.' && path[at + 1] === '#') {
      at += 2
      if (path[at] === '[' || path[at] === '(') at = closing(path, at) - 1
    }
  }
  return [path, undefined]
}

/** The end of the bracketed text or string that starts at `index`. */
export const closing = (text: string, index: number): number => {
  let depth = text[index] === '"' ? 0 : 1
  for (let at = depth === 0 ? index : index + 1; at < text.length; at += 1) {
    const character = text[at] as string
    if (character === '"') {
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1
      if (depth === 0) return at + 1
    } else if (character === '{' || character === '[' || character === '(') depth += 1
    else if (character === '}' || character === ']' || character === ')') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

/** One path of `[path,path]` or `{"name":path}`. */
export type SubPath = { name: string; path: string }

/** Reads a multipath at the start of a path, and what follows it; undefined when it is never closed. */
export const parseMultipath = (path: string): { parts: SubPath[]; rest: string } | undefined => {
  const parts: SubPath[] = []
  let [inModifier, depth, colon, start] = [false, 1, 0, 1]
  const push = (end: number) => {
    parts.push(
      colon === 0
        ? { name: '', path: path.slice(start, end) }
        : { name: path.slice(start, colon), path: path.slice(colon + 1, end) },
    )
    colon = 0
    inModifier = false
    start = end + 1
  }
  for (let at = 1; at < path.length; at += 1) {
    const character = path[at] as string
    if (character === '\\') at += 1
    else if (character === '@') inModifier ||= path[at - 1] === '.' || path[at - 1] === '|'
    else if (character === ':') colon = !inModifier && colon === 0 && depth === 1 ? at : colon
    else if (character === ',' && depth === 1) push(at)
    else if (character === '"') at = closing(path, at) - 1
    else if ('[({'.includes(character)) depth += 1
    else if ('])}'.includes(character)) {
      depth -= 1
      if (depth > 0) continue
      push(at)
      return { parts, rest: path.slice(at + 1) }
    }
  }
  return undefined
}

/** What a multipath calls a member without a name. */
export const nameOfLast = (path: string): string => {
  for (let at = path.length - 1; at >= 0; at -= 1) {
    if ((path[at] === '|' || path[at] === '.') && path[at - 1] !== '\\') return simpleName(path.slice(at + 1))
  }
  return simpleName(path)
}

const simpleName = (name: string): string =>
  [...name].every((character) => character >= ' ' && !'[]{}()#|!'.includes(character)) ? name : '_'
