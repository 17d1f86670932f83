import { fail } from './lexer.ts'
import { compare, isNumber, isObject, type Json, typeName } from './values.ts'

export type Path = readonly Json[]

const indexMax = 100_000

/** What stands at one step: a member, an element, a slice (`{start, end}`) or the places where an array holds another. */
export const stepInto = (value: Json, by: Json): Json => {
  if (typeof by === 'string') {
    if (value === null) return null
    return isObject(value) ? (Object.hasOwn(value, by) ? (value[by] as Json) : null) : cannotIndex(value, by)
  }
  if (isNumber(by)) {
    if (value === null) return null
    if (!Array.isArray(value)) return cannotIndex(value, by)
    const at = Math.floor(Number(by))
    return value[at < 0 ? at + value.length : at] ?? null
  }
  if (isObject(by)) return slice(value, by)
  if (Array.isArray(by) && Array.isArray(value)) return indicesOf(value, by)
  return cannotIndex(value, by)
}

const cannotIndex = (value: Json, by: Json): never =>
  fail(`${typeName(value)} cannot be indexed with ${typeof by === 'string' ? JSON.stringify(by) : typeName(by)}`)

export const indicesOf = (value: Json[], wanted: Json[]): Json[] => {
  if (wanted.length === 0) return []
  const same = (at: number) => wanted.every((one, index) => compare(value[at + index] ?? null, one, () => {}) === 0)
  return value.flatMap((_, at) => (at + wanted.length <= value.length && same(at) ? [at] : []))
}

const bounds = (length: number, { start, end }: { [name: string]: Json }): [number, number] => {
  const place = (given: Json | undefined, other: number, round: (number: number) => number): number => {
    if (given === null || given === undefined) return other
    if (!isNumber(given)) return fail('a slice needs numbers')
    const at = round(Number(given))
    return Math.max(0, Math.min(length, at < 0 ? at + length : at))
  }
  const from = place(start, 0, Math.floor)
  return [from, Math.max(from, place(end, length, Math.ceil))]
}

const slice = (value: Json, by: { [name: string]: Json }): Json => {
  if (value === null) return null
  if (typeof value === 'string') {
    const characters = [...value]
    return characters.slice(...bounds(characters.length, by)).join('')
  }
  return Array.isArray(value) ? value.slice(...bounds(value.length, by)) : cannotIndex(value, by)
}

/** A copy in which the value at the path is what `update` makes of it. */
export const updateAt = (value: Json, path: Path, update: (old: Json) => Json, at = 0): Json => {
  if (at === path.length) return update(value)
  const step = path[at] as Json
  const inner = updateAt(stepInto(value, step), path, update, at + 1)
  if (typeof step === 'string') return { ...(value as { [name: string]: Json } | null), [step]: inner }
  const all = (value ?? []) as Json[]
  if (isNumber(step)) {
    const place = Math.floor(Number(step)) + (Number(step) < 0 ? all.length : 0)
    if (place < 0) fail('the index is out of bounds')
    if (place > indexMax) fail('the index is too large')
    const copy = [...all]
    while (copy.length < place) copy.push(null)
    copy[place] = inner
    return copy
  }
  if (!isObject(step)) return fail('this path cannot be changed')
  if (!Array.isArray(inner)) return fail('a slice can only become an array')
  const [from, to] = bounds(all.length, step)
  return [...all.slice(0, from), ...inner, ...all.slice(to)]
}

/** A copy without what stands at the paths. */
export const deleteAll = (value: Json, paths: readonly Path[], tick: () => void): Json =>
  [...paths].sort((a, b) => compare([...b], [...a], tick)).reduce((rest: Json, path) => deleteAt(rest, path), value)

const deleteAt = (value: Json, path: Path): Json => {
  if (path.length === 0 || value === null) return null
  const last = path.at(-1) as Json
  const parent = path.slice(0, -1)
  let found: Json = value
  for (const step of parent) {
    found = stepInto(found, step)
    if (found === null) return value
  }
  return updateAt(value, parent, (owner) => without(owner, last))
}

const without = (owner: Json, step: Json): Json => {
  if (owner === null) return null
  if (typeof step === 'string' && isObject(owner)) {
    return Object.fromEntries(Object.entries(owner).filter(([key]) => key !== step))
  }
  if (!Array.isArray(owner)) return cannotIndex(owner, step)
  if (isNumber(step)) {
    const place = Math.floor(Number(step)) + (Number(step) < 0 ? owner.length : 0)
    return owner.filter((_, index) => index !== place)
  }
  const [from, to] = bounds(owner.length, step as { [name: string]: Json })
  return [...owner.slice(0, from), ...owner.slice(to)]
}
