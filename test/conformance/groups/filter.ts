import { compileFilters } from '../../../runtime/src/filters/filter.ts'
import type { Filters, LogicalOperator } from '../../../runtime/src/manifest/types.ts'
import { type Case, type Check, differ, eventOf } from '../cases.ts'

type FilterCase = Case<{ filters?: Filters; filtersLogicalOperator?: LogicalOperator }, { pass: boolean }>

export const checkFilter: Check = async (asked) => {
  const { manifest, expected } = asked as FilterCase
  const { pass, error } = compileFilters(manifest.filters, manifest.filtersLogicalOperator)(eventOf(asked))
  return differ({ pass: expected.pass, error: expected.error ?? false }, { pass, error: error !== undefined })
}
