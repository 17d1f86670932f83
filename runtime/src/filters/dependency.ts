import type { CloudEvent } from '../event.ts'
import type { Dependency } from '../manifest/types.ts'
import { compileTransform } from '../transform/transform.ts'
import { compileFilters, type FilterVerdict } from './filter.ts'

/** What a dependency says about an event, and the event as it goes on. */
export type DependencyVerdict = FilterVerdict & { event: CloudEvent }

/** Prepares a dependency: its transform comes first, and its filters see what it makes. A transform that fails discards the event. */
export const compileDependency = ({ transform, filters, filtersLogicalOperator }: Dependency) => {
  const passes = compileFilters(filters, filtersLogicalOperator)
  const change = transform ? compileTransform(transform) : undefined
  return (event: CloudEvent): DependencyVerdict => {
    if (change === undefined) return { ...passes(event), event }
    try {
      const changed = change(event)
      return { ...passes(changed), event: changed }
    } catch (error) {
      const message = `transform: ${error instanceof Error ? error.message : String(error)}`
      return { pass: false, error: message, reasons: [message], event }
    }
  }
}
