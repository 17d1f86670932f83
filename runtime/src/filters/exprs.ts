import type { CloudEvent } from '../event.ts'
import { compileGovaluate, type Expression } from '../expressions/govaluate.ts'
import { get } from '../json/gjson.ts'
import type { ExprFilter, LogicalOperator } from '../manifest/types.ts'
import type { Value } from '../values/go-json.ts'
import { toValue } from '../values/json-value.ts'
import type { GroupVerdict } from './filter.ts'

type One = { filter: ExprFilter; expression: Expression | { error: string } }

/**
 * Prepares `exprs` filters: named fields of the event's data and an expression over them (argo-events.md 4.2). As in Argo, one without
 * fields is not looked at; with `or` the errors of some do not matter when another one is true.
 */
export const compileExprFilters = (filters: readonly ExprFilter[], operator: LogicalOperator | undefined) => {
  const compiled = filters
    .filter(({ fields }) => fields?.length)
    .map((filter): One => ({ filter, expression: compile(filter) }))
  return ({ data }: CloudEvent): GroupVerdict => {
    if (data === null) return { pass: true, reason: 'there is no data' }
    const verdicts: GroupVerdict[] = []
    for (const one of compiled) {
      const verdict = attempt(one, data)
      if (verdict.pass === (operator === 'or')) return verdict
      verdicts.push(verdict)
    }
    const reason = verdicts.map((verdict) => verdict.reason).join('; ')
    if (operator !== 'or') return { pass: true, reason }
    const error = verdicts.find((verdict) => verdict.error !== undefined)?.error
    return { pass: false, reason, ...(error !== undefined && { error }) }
  }
}

const compile = ({ expr }: ExprFilter): One['expression'] => {
  try {
    return compileGovaluate(expr)
  } catch (error) {
    return { error: messageOf(error) }
  }
}

const attempt = ({ filter: { expr, fields }, expression }: One, data: string): GroupVerdict => {
  const fail = (error: string): GroupVerdict => ({ pass: false, error, reason: error })
  const parameters = new Map<string, Value>()
  for (const { path, name } of fields) {
    const found = get(data, path)
    if (!found.exists) return fail(`path ${path} does not exist`)
    parameters.set(name, toValue(found.raw))
  }
  if ('error' in expression) return fail(`expression ${expr}: ${expression.error}`)
  try {
    const pass = expression.evaluate(parameters) === true
    return { pass, reason: `${expr} is ${pass ? '' : 'not '}true` }
  } catch (error) {
    return fail(`expression ${expr}: ${messageOf(error)}`)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
