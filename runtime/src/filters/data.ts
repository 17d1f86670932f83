import { AppError } from '@bookinfo/errors'
import type { CloudEvent } from '../event.ts'
import { compileRe2 } from '../expressions/re2.ts'
import { get, type Result } from '../json/gjson.ts'
import { jsonString } from '../json/strings.ts'
import type { DataFilter, LogicalOperator } from '../manifest/types.ts'
import { renderTemplate } from '../values/template.ts'
import type { GroupVerdict } from './filter.ts'
import { parseGoBool, parseGoFloat } from './go-parse.ts'

type One = { path: string; test(found: Result): boolean }

/** Prepares data filters: a path into the event's data and values to compare with, by type (argo-events.md 4.2). */
export const compileDataFilters = (filters: readonly DataFilter[], operator: LogicalOperator | undefined) => {
  const compiled = filters.map(compileOne)
  return ({ data }: CloudEvent): GroupVerdict => {
    if (data === null) return { pass: true, reason: 'there is no data' }
    const misses: string[] = []
    let error: string | undefined
    for (const one of compiled) {
      const verdict = attempt(one, data)
      if (operator === 'or' && verdict.pass) return verdict
      if (operator !== 'or' && !verdict.pass) return verdict
      if (verdict.error !== undefined) error ??= verdict.error
      misses.push(verdict.reason)
    }
    if (operator !== 'or') return { pass: true, reason: misses.join('; ') }
    return { pass: false, reason: misses.join('; '), ...(error !== undefined && { error }) }
  }
}

const attempt = (one: One, data: string): GroupVerdict => {
  try {
    const found = get(data, one.path)
    if (!found.exists)
      return { pass: false, error: `path ${one.path} does not exist`, reason: `path ${one.path} does not exist` }
    const pass = one.test(found)
    return { pass, reason: `${one.path} is ${found.raw.slice(0, 100)}${pass ? '' : ', which does not match'}` }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { pass: false, error: message, reason: message }
  }
}

const compileOne = (filter: DataFilter): One => {
  const { path, type, value, comparator = '' } = filter
  const tests = value.map((one) => testOf(type, one, comparator))
  const change = filter.template ? changeBy(filter.template) : (found: Result) => found
  return {
    path,
    test: (found) => {
      const changed = change(found)
      return tests.some((test) => test(changed))
    },
  }
}

type Test = (found: Result) => boolean

/** The test of one value. What is wrong with a value is said when it is reached: an earlier one may decide before. */
const testOf = (type: string, value: string, comparator: string): Test => {
  try {
    if (type === 'string') return textTest(value, comparator)
    if (type === 'bool') {
      const wanted = parseGoBool(value)
      if (wanted === undefined) throw new AppError('invalid', `"${value}" is not true or false`)
      return (found) => asBool(found) === wanted
    }
    if (type !== 'number') throw new AppError('invalid', `type ${type} is not one of string, number, bool`)
    const wanted = parseGoFloat(value)
    if (wanted === undefined) throw new AppError('invalid', `"${value}" is not a number`)
    return (found) => compare(comparator, asNumber(found), wanted)
  } catch (error) {
    return () => {
      throw error
    }
  }
}

const textTest = (value: string, comparator: string): Test => {
  const pattern = compileRe2(value)
  if (comparator === '!=') return ({ text }) => !pattern.test(text)
  return comparator === '' || comparator === '=' ? ({ text }) => pattern.test(text) : () => false
}

/** What the template makes of the value's text takes the value's place, as a text. */
const changeBy =
  (template: string) =>
  (found: Result): Result => {
    const text = renderTemplate(template, found.text)
    if (text === '' || text === '<no value>')
      throw new AppError('invalid', `template ${template} gives an empty text or no value`)
    return { ...found, kind: 'string', raw: jsonString(text), text }
  }

const asBool = ({ kind, text }: Result): boolean => {
  if (kind === 'string') return ['1', 't', 'true'].includes(text.toLowerCase())
  return kind === 'true' || (kind === 'number' && Number(text) !== 0)
}

const asNumber = ({ kind, text }: Result): number => {
  if (kind === 'true') return 1
  if (kind === 'number') return Number(text)
  return kind === 'string' ? (parseGoFloat(text) ?? 0) : 0
}

const compare = (comparator: string, left: number, right: number): boolean => {
  switch (comparator) {
    case '>=':
      return left >= right
    case '>':
      return left > right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '!=':
      return left !== right
    case '':
    case '=':
      return left === right
    default:
      return false
  }
}
