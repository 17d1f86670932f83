import { compileExpr } from '../expressions/expr.ts'
import { toFloat, toInteger } from '../expressions/expr/builtins.ts'
import { queryJsonPath } from '../expressions/json-path.ts'
import { dataObject } from '../json/data-object.ts'
import { toGoJson, type Value } from '../values/go-json.ts'
import { parseValue } from '../values/json-value.ts'
import { type Functions, takes } from '../values/template/functions.ts'
import { sprigFunctions } from '../values/template/sprig.ts'

/** What an EventSource's filter says about an event's data. */
export type EventFilterVerdict = { pass: boolean; reason: string; error?: string }

const functions: Functions = {
  asInt: takes('a', toInteger),
  asFloat: takes('a', toFloat),
  toJson: takes('a', (value: Value) => toGoJson(value)),
  jsonpath: takes('ss', (json: string, path: string) => queryJsonPath(path, parseValue(json))),
  ...Object.fromEntries(Object.entries(sprigFunctions).map(([name, one]) => [`sprig.${name}`, one])),
}

/**
 * Compiles the filter of an EventSource (argo-events.md 1.6); without one, everything passes. An error keeps an event back as a `false`
 * does. Throws `invalid` for an expression that could never let anything pass.
 */
export const compileEventFilter = (
  filter: { expression: string } | undefined,
): ((data: string) => EventFilterVerdict) => {
  if (!filter?.expression) return () => ({ pass: true, reason: 'there is no filter' })
  const { expression } = filter
  const { evaluate } = compileExpr(expression, functions)
  return (data) => {
    try {
      dataObject(data)
      const result = evaluate(environmentOf(parseValue(data)))
      if (typeof result !== 'boolean') return failed(expression, 'the result is not true or false')
      return { pass: result, reason: `${expression} is ${result ? '' : 'not '}true` }
    } catch (error) {
      return failed(expression, error instanceof Error ? error.message : String(error))
    }
  }
}

const failed = (expression: string, error: string): EventFilterVerdict => ({
  pass: false,
  reason: `${expression}: ${error}`,
  error,
})

/** The members of the data by name: dashes become underscores, and a name with dots leads into maps made for it. */
const environmentOf = (data: Value): Map<string, Value> => {
  const environment = new Map<string, Value>()
  const members =
    data instanceof Map ? [...data].map(([name, value]) => [name.replaceAll('-', '_'), value] as const) : []
  for (const [name, value] of members) if (!name.includes('.')) environment.set(name, value)
  const made = new Map<string, Map<string, Value>>()
  for (const [name, value] of members) {
    const path = name.split('.')
    if (path.length === 1) continue
    let at = ''
    let within = environment
    for (const part of path.slice(0, -1)) {
      at += `${part}.`
      const inner = made.get(at) ?? new Map<string, Value>()
      made.set(at, inner)
      within.set(part, inner)
      within = inner
    }
    const last = path.at(-1) as string
    if (!made.has(`${name}.`)) within.set(last, value)
  }
  return environment
}
