import type { CloudEvent } from '../event.ts'
import type { Filters, LogicalOperator } from '../manifest/types.ts'
import { compileDataFilters } from './data.ts'
import { compileExprFilters } from './exprs.ts'
import { compileScriptFilter } from './script.ts'
import { passesTime } from './time.ts'

/** What the filters say about an event; `reasons` holds one readable line for each verdict. */
export type FilterVerdict = { pass: boolean; error?: string; reasons: string[] }

export type GroupVerdict = { pass: boolean; error?: string; reason: string }

/**
 * Prepares a dependency's filters (argo-events.md 4.2). Groups are all needed, or with `or` one is enough; an error in any group
 * discards the event either way.
 */
export const compileFilters = (filters: Filters | undefined, operator: LogicalOperator | undefined) => {
  const groups: ((event: CloudEvent) => GroupVerdict)[] = []
  const { exprs, exprLogicalOperator, data, dataLogicalOperator, context, time, script } = filters ?? {}
  if (exprs) groups.push(compileExprFilters(exprs, exprLogicalOperator))
  if (data) groups.push(compileDataFilters(data, dataLogicalOperator))
  if (context) groups.push((event) => passesContext(context, event))
  if (time) groups.push((event) => passesTime(time, event))
  if (script) groups.push(compileScriptFilter(script))
  const isEmptyOr = filters !== undefined && operator === 'or' && groups.length === 0

  return (event: CloudEvent): FilterVerdict => {
    if (groups.length === 0) return { pass: !isEmptyOr, reasons: [] }
    const verdicts = groups.map((group) => group(event))
    const reasons = verdicts.map(({ reason }) => reason).filter((reason) => reason !== '')
    const error = verdicts.find((verdict) => verdict.error !== undefined)?.error
    if (error !== undefined) return { pass: false, error, reasons }
    const pass = operator === 'or' ? verdicts.some((one) => one.pass) : verdicts.every((one) => one.pass)
    return { pass, reasons }
  }
}

const contextFields = ['type', 'subject', 'source', 'datacontenttype'] as const

const passesContext = (wanted: NonNullable<Filters['context']>, event: CloudEvent): GroupVerdict => {
  const different = contextFields.find((field) => wanted[field] && wanted[field] !== event[field])
  if (different === undefined) return { pass: true, reason: 'context matches' }
  return { pass: false, reason: `context.${different} is "${event[different]}", not "${wanted[different]}"` }
}
