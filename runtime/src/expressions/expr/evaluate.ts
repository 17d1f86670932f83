import type { Value } from '../../values/go-json.ts'
import { callFunction, type Functions } from '../../values/template/functions.ts'
import { builtins } from './builtins.ts'
import { fail } from './lexer.ts'
import { asBool, asText, fetch, operators, signed, sliceOf } from './operators.ts'
import { type Pointer, runPredicate } from './predicates.ts'
import { type Node, predicates } from './syntax.ts'

const stepsMax = 1_000_000

export type Scope = {
  environment: ReadonlyMap<string, Value>
  functions: Functions
  variables: ReadonlyMap<string, Value>
  pointer: Pointer | undefined
  steps: { used: number }
}

/** The value of an expression; throws `invalid` when it has none. */
export const evaluate = (node: Node, scope: Scope): Value => reach(node, scope) ?? null

/** As `evaluate`; undefined when a chain of members ended at a nil. */
const reach = (node: Node, scope: Scope): Value | undefined => {
  if ((scope.steps.used += 1) > stepsMax) fail(`more than ${stepsMax} steps`)
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'name':
      return named(node.name, scope)
    case 'pointer':
      return pointed(node.name, scope.pointer as Pointer)
    case 'unary': {
      const value = evaluate(node.operand, scope)
      if (node.operator === 'not') return !asBool(value)
      return signed(node.operator, value)
    }
    case 'binary':
      return binary(node, scope)
    case 'chain':
      return evaluate(node.node, scope)
    case 'member': {
      const of = reach(node.of, scope)
      if (of === undefined || (of === null && node.isOptional)) return undefined
      return fetch(of, evaluate(node.key, scope))
    }
    case 'slice': {
      const of = evaluate(node.of, scope)
      return sliceOf(of, node.from ? evaluate(node.from, scope) : 0n, node.to && evaluate(node.to, scope))
    }
    case 'call': {
      const name = pathOf(node.callee) as string
      const values = node.arguments.map((one) => evaluate(one, scope))
      return callFunction(name, scope.functions[name] as Functions[string], values)
    }
    case 'builtin': {
      if (!predicates.has(node.name)) return builtins[node.name]?.(node.arguments.map((one) => evaluate(one, scope)))
      const [list, predicate, initial] = node.arguments as [Node, Node, Node?]
      return runPredicate(node.name, {
        list: evaluate(list, scope),
        test: (pointer) => evaluate(predicate, { ...scope, pointer }),
        initial: initial && evaluate(initial, scope),
      })
    }
    case 'let': {
      const variables = new Map([...scope.variables, [node.name, evaluate(node.value, scope)]])
      return evaluate(node.body, { ...scope, variables })
    }
    case 'conditional':
      return evaluate(asBool(evaluate(node.condition, scope)) ? node.yes : node.no, scope)
    case 'array':
      return node.items.map((item) => evaluate(item, scope))
    case 'map':
      return new Map(
        node.pairs.map(({ key, value }) => [asText(evaluate(key, scope)), evaluate(value, scope)] as [string, Value]),
      )
  }
}

const named = (name: string, { variables, environment }: Scope): Value => {
  if (variables.has(name)) return variables.get(name) ?? null
  return name === '$env' ? new Map(environment) : (environment.get(name) ?? null)
}

const binary = ({ operator, left, right }: Extract<Node, { kind: 'binary' }>, scope: Scope): Value => {
  const first = evaluate(left, scope)
  switch (operator) {
    case 'or':
    case '||':
      return asBool(first) || evaluate(right, scope)
    case 'and':
    case '&&':
      return asBool(first) && evaluate(right, scope)
    case '??':
      return first ?? evaluate(right, scope)
    default:
      return (operators[operator] as (typeof operators)[string])(first, evaluate(right, scope))
  }
}

const pointed = (name: string, { item, index, accumulated }: Pointer): Value => {
  if (name === 'index') return BigInt(index)
  return name === 'acc' ? (accumulated ?? null) : item
}

/** The name of a function that is called, such as `toJson` or `sprig.trim`. */
export const pathOf = (callee: Node): string | undefined => {
  if (callee.kind === 'name') return callee.name
  if (callee.kind !== 'member' || callee.of.kind !== 'name' || callee.key.kind !== 'literal') return undefined
  return `${callee.of.name}.${callee.key.value}`
}
