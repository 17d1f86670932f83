import type { Value } from '../../values/go-json.ts'
import { typeName } from '../../values/template/print.ts'
import { fail } from './lexer.ts'
import { asBool, asText } from './operators.ts'

/** What `#` means inside a predicate. */
export type Pointer = { item: Value; index: number; accumulated: Value | undefined }

type Run = { list: Value; test(pointer: Pointer): Value; initial: Value | undefined }

/** Runs a builtin that takes an expression over each element of a list. */
export const runPredicate = (name: string, { list, test, initial }: Run): Value => {
  const items = Array.isArray(list) ? list : fail(`builtin ${name} takes only a list, not ${typeName(list)}`)
  const over = (item: Value, index: number) => test({ item, index, accumulated: undefined })
  const holds = (item: Value, index: number) => asBool(over(item, index))
  const place = (index: number): Value => (index < 0 ? null : BigInt(index))
  switch (name) {
    case 'all':
      return items.every(holds)
    case 'none':
      return !items.some(holds)
    case 'any':
      return items.some(holds)
    case 'one':
      return items.filter(holds).length === 1
    case 'filter':
      return items.filter(holds)
    case 'map':
      return items.map(over)
    case 'count':
      return BigInt(items.filter(holds).length)
    case 'find':
      return items.find(holds) ?? null
    case 'findIndex':
      return place(items.findIndex(holds))
    case 'findLast':
      return items.findLast(holds) ?? null
    case 'findLastIndex':
      return place(items.findLastIndex(holds))
    case 'groupBy':
      return Map.groupBy(items, (item, index = items.indexOf(item)) => asText(over(item, index)))
    default:
      return reduce(items, test, initial)
  }
}

const reduce = (items: readonly Value[], test: Run['test'], initial: Value | undefined): Value => {
  if (initial === undefined && items.length === 0) fail('reduce of an empty list needs a first value')
  let accumulated = initial ?? (items[0] as Value)
  for (const [index, item] of items.entries())
    if (index > 0 || initial !== undefined) accumulated = test({ item, index, accumulated })
  return accumulated
}
