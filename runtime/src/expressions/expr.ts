import type { Value } from '../values/go-json.ts'
import type { Functions } from '../values/template/functions.ts'
import { builtins } from './expr/builtins.ts'
import { evaluate, pathOf } from './expr/evaluate.ts'
import { fail } from './expr/lexer.ts'
import { parse } from './expr/parser.ts'
import { type Node, partsOf, predicates } from './expr/syntax.ts'

/** A compiled expression of expr-lang. */
export type Expression = {
  /** The names it reads from outside, each once, in their order. */
  names: string[]
  /** A name that is not there is nil. Throws `invalid` for a value of the wrong type and for work without end. */
  evaluate(environment: ReadonlyMap<string, Value>): Value
}

const isBuiltin = (name: string): boolean => Object.hasOwn(builtins, name) || predicates.has(name)

/**
 * Compiles the language of antonmedv/expr 1.15, in which Argo writes EventSources' filters; without its dates and durations. `functions`
 * are called by their names. Throws `invalid` for other syntax and for a function that does not exist.
 */
export const compileExpr = (text: string, functions: Functions = {}): Expression => {
  const root = parse(text, isBuiltin)
  const names = new Set<string>()
  check(root, { functions, names, variables: new Set() })
  return {
    names: [...names],
    evaluate: (environment) =>
      evaluate(root, { environment, functions, variables: new Map(), pointer: undefined, steps: { used: 0 } }),
  }
}

type Known = { functions: Functions; names: Set<string>; variables: ReadonlySet<string> }

/** Finds what is read from outside, and refuses functions that do not exist or stand where a value must. */
const check = (node: Node, known: Known): void => {
  if (node.kind === 'name') {
    if (isBuiltin(node.name)) fail(`${node.name} is a function, not a value`)
    if (!known.variables.has(node.name)) known.names.add(node.name)
  }
  if (node.kind === 'let') {
    check(node.value, known)
    return check(node.body, { ...known, variables: new Set([...known.variables, node.name]) })
  }
  if (node.kind !== 'call') return partsOf(node).forEach((part) => check(part, known))
  const path = pathOf(node.callee)
  if (path === undefined || !Object.hasOwn(known.functions, path)) fail(`there is no function ${path ?? 'here'}`)
  node.arguments.forEach((one) => check(one, known))
}
