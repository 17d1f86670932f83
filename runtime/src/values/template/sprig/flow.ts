import type { Value } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'
import { isTrue, typeName } from '../print.ts'
import { isSame } from './lists.ts'

const kindOf = (value: Value): string => {
  if (value === null) return 'invalid'
  if (Array.isArray(value)) return 'slice'
  return value instanceof Map ? 'map' : value instanceof Date ? 'struct' : typeName(value)
}

/** Go counts a time as never empty. */
const isEmpty = (value: Value): boolean => !isTrue(value)

export const flowFunctions: Functions = {
  default: takes('aa*', (otherwise: Value, ...given: Value[]) =>
    given.length === 0 || isEmpty(given[0] ?? null) ? otherwise : (given[0] ?? null),
  ),
  empty: takes('a', isEmpty),
  coalesce: takes('a*', (...values: Value[]) => values.find(isTrue) ?? null),
  all: takes('a*', (...values: Value[]) => values.every(isTrue)),
  any: takes('a*', (...values: Value[]) => values.some(isTrue)),
  ternary: takes('aab', (yes: Value, no: Value, is: boolean) => (is ? yes : no)),
  fail: takes('s', (message: string): Value => {
    throw new Error(message)
  }),
  typeOf: takes('a', typeName),
  typeIs: takes('sa', (wanted: string, value: Value) => wanted === typeName(value)),
  typeIsLike: takes(
    'sa',
    (wanted: string, value: Value) => wanted === typeName(value) || `*${wanted}` === typeName(value),
  ),
  kindOf: takes('a', kindOf),
  kindIs: takes('sa', (wanted: string, value: Value) => wanted === kindOf(value)),
  deepEqual: takes('aa', isSame),
}
