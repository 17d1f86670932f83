import type { Value } from '../../go-json.ts'
import { type Functions, type TemplateFunction, takes } from '../functions.ts'
import { isTrue, typeName } from '../print.ts'
import { toInteger } from './numbers.ts'

const listOf = (value: Value, what: string): Value[] => {
  if (Array.isArray(value)) return value
  throw new Error(`Cannot ${what} on type ${typeName(value)}`)
}

/** Whether two values are the same all through; an integer and a float never are. */
export const isSame = (a: Value, b: Value): boolean => {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, at) => isSame(one, b[at] ?? null))
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, one]) => b.has(key) && isSame(one, b.get(key) ?? null))
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  return a === b
}

const includes = (list: readonly Value[], wanted: Value): boolean => list.some((one) => isSame(one, wanted))

const chunk = (size: bigint, value: Value): Value => {
  const [list, length] = [listOf(value, 'chunk'), Number(size)]
  if (length < 1) throw new Error('runtime error: makeslice: len out of range')
  return Array.from({ length: Math.max(1, Math.ceil(list.length / length)) }, (_, at) =>
    list.slice(at * length, (at + 1) * length),
  )
}

const slice = (value: Value, ...indexes: Value[]): Value => {
  if (!Array.isArray(value)) throw new Error(`list should be type of slice or array but ${typeName(value)}`)
  if (value.length === 0) return null
  const [start, end] = [indexes[0], indexes[1]].map((index) =>
    index === undefined ? undefined : Number(toInteger(index)),
  )
  const [from, to] = [start ?? 0, end ?? value.length]
  if (from < 0 || to > value.length || from > to) throw new Error('reflect.Value.Slice: slice index out of bounds')
  return value.slice(from, to)
}

/** Each under its own name and under the one that begins with `must`: here both fail the template. */
const withMust = (functions: Functions): Functions => {
  const must = Object.entries(functions).map(([name, found]): [string, TemplateFunction] => [
    `must${name[0]?.toUpperCase()}${name.slice(1)}`,
    found,
  ])
  return { ...functions, ...Object.fromEntries(must) }
}

const push = takes('aa', (list: Value, value: Value) => [...listOf(list, 'push'), value])

export const listFunctions: Functions = {
  list: takes('a*', (...values: Value[]) => values),
  tuple: takes('a*', (...values: Value[]) => values),
  concat: takes('a*', (...lists: Value[]) => lists.flatMap((list) => listOf(list, 'concat'))),
  ...withMust({
    push,
    append: push,
    prepend: takes('aa', (list: Value, value: Value) => [value, ...listOf(list, 'prepend')]),
    first: takes('a', (list: Value) => listOf(list, 'find first')[0] ?? null),
    last: takes('a', (list: Value) => listOf(list, 'find last').at(-1) ?? null),
    rest: takes('a', (list: Value) => listOf(list, 'find rest').slice(1)),
    initial: takes('a', (list: Value) => listOf(list, 'find initial').slice(0, -1)),
    reverse: takes('a', (list: Value) => listOf(list, 'find reverse').toReversed()),
    compact: takes('a', (list: Value) => listOf(list, 'compact').filter(isTrue)),
    uniq: takes('a', (list: Value) =>
      listOf(list, 'find uniq').reduce<Value[]>((kept, one) => (includes(kept, one) ? kept : [...kept, one]), []),
    ),
    without: takes('aa*', (list: Value, ...omitted: Value[]) =>
      listOf(list, 'find without').filter((one) => !includes(omitted, one)),
    ),
    has: takes('aa', (wanted: Value, list: Value) => list !== null && includes(listOf(list, 'find has'), wanted)),
    slice: takes('aa*', slice),
    chunk: takes('ia', chunk),
  }),
}
