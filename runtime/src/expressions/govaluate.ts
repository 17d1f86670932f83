import { isDeepStrictEqual } from 'node:util'
import { AppError } from '@bookinfo/errors'
import type { Value } from '../values/go-json.ts'
import { printValue } from '../values/template/print.ts'
import { type Token, tokenize } from './govaluate-lexer.ts'
import { compileRe2 } from './re2.ts'

/** A compiled expression of govaluate. */
export type Expression = {
  /** The parameters it names, each once, in their order. */
  names: string[]
  /** Throws `invalid` for a parameter that is not there and for a value of the wrong type. */
  evaluate(parameters: ReadonlyMap<string, Value>): Value
}

type Parameters = ReadonlyMap<string, Value>
type Evaluate = (parameters: Parameters) => Value
type Binary = (left: Value, right: Value) => Value

const depthMax = 200

const fail = (why: string): never => {
  throw new AppError('invalid', why)
}

/** Loosest first; operators of one level group from the left, `**` and `?:` too. */
const levels: readonly (readonly string[])[] = [
  [','],
  ['?', ':', '??'],
  ['||'],
  ['&&'],
  ['==', '!=', '>', '>=', '<', '<=', '=~', '!~', 'in'],
  ['&', '|', '^'],
  ['>>', '<<'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
]

/** Compiles govaluate's language, which Argo uses for `exprs` filters and for conditions. Throws `invalid` for other syntax. */
export const compileGovaluate = (text: string): Expression => {
  const tokens = tokenize(text)
  let at = 0
  let depth = 0
  const isOperator = (token: Token | undefined, level: number): token is Token =>
    token !== undefined &&
    !['string', 'time', 'variable', 'prefix'].includes(token.kind) &&
    (levels[level] as string[]).includes(token.text)

  const planLevel = (level: number): Evaluate | undefined => {
    if (level === levels.length) return planValue()
    let left = planLevel(level + 1)
    while (isOperator(tokens[at], level)) {
      const { text: operator } = tokens[at++] as Token
      const first = tokens[at]
      const work = isMatch(operator) && first?.kind === 'string' ? matches(operator, first.text) : operators[operator]
      left = binary(operator, work as Binary, left, planLevel(level + 1))
    }
    return left
  }
  const planValue = (): Evaluate | undefined => {
    const token = tokens[at]
    if (token === undefined || token.kind === 'clauseEnd') return undefined
    at += 1
    switch (token.kind) {
      case 'prefix':
        return prefix(token.text, planValue())
      case 'clause':
        return planClause()
      case 'variable':
        return parameter(token.text)
      case 'accessor':
        return () => fail(`Unable to access '${token.text}', it is not a struct`)
      case 'string':
        return () => token.text
      default:
        return () => token.value ?? null
    }
  }
  const planClause = (): Evaluate => {
    if ((depth += 1) > depthMax) fail(`more than ${depthMax} parentheses inside each other`)
    const inner = planLevel(0)
    if (tokens[at]?.kind !== 'clauseEnd') fail('Unbalanced parenthesis')
    at += 1
    depth -= 1
    return inner ?? (() => null)
  }

  const root = planLevel(0)
  if (at < tokens.length) fail(`unexpected ${tokens[at]?.text}`)
  const names = tokens.filter(({ kind }) => kind === 'variable').map((token) => token.text)
  return { names: [...new Set(names)], evaluate: (parameters) => root?.(parameters) ?? null }
}

const parameter =
  (name: string): Evaluate =>
  (parameters) => {
    const value = parameters.get(name)
    return value === undefined ? fail(`No parameter '${name}' found.`) : value
  }

const prefix = (operator: string, operand: Evaluate | undefined): Evaluate => {
  if (operand === undefined) return fail('Unexpected end of expression')
  return (parameters) => {
    const value = operand(parameters)
    if (operator === '!') return typeof value === 'boolean' ? !value : unfit(value, 'prefix', operator, 'bool')
    if (typeof value !== 'number') return unfit(value, 'prefix', operator, 'number')
    return operator === '-' ? -value : Number(~int64(value))
  }
}

const unfit = (value: Value, what: string, operator: string, wanted: string): never =>
  fail(`Value '${printValue(value)}' cannot be used with the ${what} '${operator}', it is not a ${wanted}`)

/** The operators that may leave their right side unread. */
const binary = (operator: string, work: Binary, left: Evaluate | undefined, right: Evaluate | undefined): Evaluate => {
  if (left === undefined || right === undefined) return fail('Unexpected end of expression')
  switch (operator) {
    case '&&':
    case '||': {
      const decided = operator === '||'
      return (parameters) => {
        const first = left(parameters)
        return first === decided ? decided : work(first, right(parameters))
      }
    }
    case '?':
      return (parameters) => {
        const first = left(parameters)
        if (typeof first !== 'boolean') return unfit(first, 'ternary operator', operator, 'bool')
        return first ? right(parameters) : null
      }
    case ':':
    case '??':
      return (parameters) => left(parameters) ?? right(parameters)
    default:
      return (parameters) => work(left(parameters), right(parameters))
  }
}

const numbers =
  (operator: string, work: (left: number, right: number) => number): Binary =>
  (left, right) => {
    if (typeof left !== 'number') return unfit(left, 'modifier', operator, 'number')
    return typeof right === 'number' ? work(left, right) : unfit(right, 'modifier', operator, 'number')
  }

const booleans =
  (operator: string, work: (left: boolean, right: boolean) => boolean): Binary =>
  (left, right) => {
    if (typeof left !== 'boolean') return unfit(left, 'logical operator', operator, 'bool')
    return typeof right === 'boolean' ? work(left, right) : unfit(right, 'logical operator', operator, 'bool')
  }

const ordered =
  (operator: string, work: (left: number | string, right: number | string) => boolean): Binary =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return work(left, right)
    if (typeof left === 'string' && typeof right === 'string') return work(left, right)
    return unfit(left, 'comparator', operator, 'number')
  }

const isMatch = (operator: string): boolean => operator === '=~' || operator === '!~'

/** A pattern that stands in the expression is compiled, and refused, with it. */
const matches = (operator: string, text?: string): Binary => {
  const known = text === undefined ? undefined : compileRe2(text)
  return (left, right) => {
    if (typeof left !== 'string') return unfit(left, 'comparator', operator, 'string')
    if (typeof right !== 'string') return unfit(right, 'comparator', operator, 'string')
    return (known && right === text ? known : compileRe2(right)).test(left) === (operator === '=~')
  }
}

const int64 = (number: number): bigint => {
  if (!Number.isFinite(number)) return -(2n ** 63n)
  return BigInt.asIntN(64, BigInt(Math.trunc(number)))
}
const uint64 = (number: number): bigint => BigInt.asUintN(64, int64(number))
const shifted = (left: bigint, places: bigint): number =>
  places > 63n ? 0 : Number(BigInt.asUintN(64, left << places))

const operators: Record<string, Binary> = {
  ',': (left, right) => (Array.isArray(left) ? [...left, right] : [left, right]),
  '&&': booleans('&&', (left, right) => left && right),
  '||': booleans('||', (left, right) => left || right),
  '==': (left, right) => isDeepStrictEqual(left, right),
  '!=': (left, right) => !isDeepStrictEqual(left, right),
  '>': ordered('>', (left, right) => left > right),
  '>=': ordered('>=', (left, right) => left >= right),
  '<': ordered('<', (left, right) => left < right),
  '<=': ordered('<=', (left, right) => left <= right),
  '=~': matches('=~'),
  '!~': matches('!~'),
  in: (left, right) =>
    Array.isArray(right)
      ? right.some((one) => isDeepStrictEqual(one, left))
      : unfit(right, 'comparator', 'in', 'array'),
  '&': numbers('&', (left, right) => Number(int64(left) & int64(right))),
  '|': numbers('|', (left, right) => Number(int64(left) | int64(right))),
  '^': numbers('^', (left, right) => Number(int64(left) ^ int64(right))),
  '<<': numbers('<<', (left, right) => shifted(uint64(left), uint64(right))),
  '>>': numbers('>>', (left, right) => (uint64(right) > 63n ? 0 : Number(uint64(left) >> uint64(right)))),
  '+': (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return left + right
    if (typeof left === 'string' || typeof right === 'string') return printValue(left) + printValue(right)
    return unfit(left, 'modifier', '+', 'number or string')
  },
  '-': numbers('-', (left, right) => left - right),
  '*': numbers('*', (left, right) => left * right),
  '/': numbers('/', (left, right) => left / right),
  '%': numbers('%', (left, right) => left % right),
  '**': numbers('**', (left, right) => left ** right),
}
