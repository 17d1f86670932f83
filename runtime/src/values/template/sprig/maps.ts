import { type Value, sortedKeys } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'
import { isTrue, printValue, typeName } from '../print.ts'

type Dict = Map<string, Value>

const dict = (...values: Value[]): Value => {
  const result: Dict = new Map()
  for (let at = 0; at < values.length; at += 2)
    result.set(printValue(values[at] ?? null), at + 1 < values.length ? (values[at + 1] ?? null) : '')
  return result
}

/** Puts what `target` lacks, or with `overwrites` whatever is not empty, from other maps into it, deeply. */
const merge = (overwrites: boolean) => {
  const into = (target: Dict, source: Dict): Dict => {
    for (const [key, value] of source) {
      const mine = target.get(key) ?? null
      if (mine instanceof Map && value instanceof Map) into(mine, value)
      else if (overwrites ? isTrue(value) || !target.has(key) : !isTrue(mine)) target.set(key, value)
    }
    return target
  }
  return takes('mm*', (target: Dict, ...sources: Dict[]) => sources.reduce(into, target))
}

const dig = (...values: Value[]): Value => {
  if (values.length < 3) throw new Error('dig needs at least three arguments')
  const keys = values.slice(0, -2)
  let found = values.at(-1) ?? null
  for (const key of keys) {
    if (!(found instanceof Map)) throw new Error(`interface conversion: interface {} is ${typeName(found)}, not map`)
    if (typeof key !== 'string') throw new Error(`interface conversion: interface {} is ${typeName(key)}, not string`)
    if (!found.has(key)) return values.at(-2) ?? null
    found = found.get(key) ?? null
  }
  return found
}

const copy = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(copy)
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, copy(one)] as [string, Value]))
  return value
}

const filterKeys = (from: Dict, keep: (key: string) => boolean): Value =>
  new Map([...from].filter(([key]) => keep(key)))

export const mapFunctions: Functions = {
  dict: takes('a*', dict),
  get: takes('ms', (from: Dict, key: string) => (from.has(key) ? (from.get(key) ?? null) : '')),
  set: takes('msa', (to: Dict, key: string, value: Value) => to.set(key, value)),
  unset: takes('ms', (from: Dict, key: string) => {
    from.delete(key)
    return from
  }),
  hasKey: takes('ms', (from: Dict, key: string) => from.has(key)),
  pluck: takes('sm*', (key: string, ...maps: Dict[]) =>
    maps.filter((one) => one.has(key)).map((one) => one.get(key) ?? null),
  ),
  // Go's order is random here; sorted is one of its orders.
  keys: takes('m*', (...maps: Dict[]) => maps.flatMap((one) => sortedKeys(one))),
  values: takes('m', (from: Dict) => sortedKeys(from).map((key) => from.get(key) ?? null)),
  pick: takes('ms*', (from: Dict, ...keys: string[]) => filterKeys(from, (key) => keys.includes(key))),
  omit: takes('ms*', (from: Dict, ...keys: string[]) => filterKeys(from, (key) => !keys.includes(key))),
  merge: merge(false),
  mustMerge: merge(false),
  mergeOverwrite: merge(true),
  mustMergeOverwrite: merge(true),
  dig: takes('a*', dig),
  deepCopy: takes('a', copy),
  mustDeepCopy: takes('a', copy),
}
