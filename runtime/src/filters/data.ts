import type { CloudEvent } from '../event.ts'
import { get, type Result } from '../json/gjson.ts'
import type { DataFilter, LogicalOperator } from '../manifest/types.ts'
import type { GroupVerdict } from './filter.ts'

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

const attempt = (one: One | { error: string }, data: string): GroupVerdict => {
  if ('error' in one) return { pass: false, error: one.error, reason: one.error }
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

const compileOne = (filter: DataFilter): One | { error: string } => {
  try {
    return { path: filter.path, test: testOf(filter) }
  } catch (error) {
    return { error: `data filter on ${filter.path}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const testOf = ({ type, value, comparator = '' }: DataFilter): ((found: Result) => boolean) => {
  switch (type) {
    case 'string': {
      const patterns = value.map((one) => new RegExp(one, 'u'))
      if (comparator === '!=') return ({ text }) => patterns.some((pattern) => !pattern.test(text))
      if (comparator !== '' && comparator !== '=') return () => false
      return ({ text }) => patterns.some((pattern) => pattern.test(text))
    }
    case 'bool': {
      const wanted = value.map(readBool)
      return (found) => wanted.includes(asBool(found))
    }
    case 'number': {
      const wanted = value.map(readNumber)
      return (found) => wanted.some((number) => compare(comparator, asNumber(found), number))
    }
    default:
      throw new Error(`type ${type} is not one of string, number, bool`)
  }
}

const readBool = (text: string): boolean => {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  throw new Error(`"${text}" is not true or false`)
}

const asBool = ({ kind, text }: Result): boolean => {
  if (kind === 'string') return ['1', 't', 'true'].includes(text.toLowerCase())
  return kind === 'true' || (kind === 'number' && Number(text) !== 0)
}

const readNumber = (text: string): number => {
  if (!/^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Error(`"${text}" is not a number`)
  return Number(text)
}

const asNumber = ({ kind, text }: Result): number => {
  if (kind === 'true') return 1
  if (kind === 'number') return Number(text)
  return kind === 'string' && text.trim() === text && text !== '' ? Number(text) || 0 : 0
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
