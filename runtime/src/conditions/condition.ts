import { AppError } from '@bookinfo/errors'

/** When a trigger fires: an expression over the names of dependencies. */
export type Condition = {
  expression: string
  /** The dependencies it uses. */
  names: string[]
  /** Whether events have to wait for others. */
  needsAnd: boolean
  evaluate(present: ReadonlySet<string>): boolean
}

type Node = { kind: 'name'; name: string } | { kind: 'and' | 'or'; left: Node; right: Node }

/** Compiles a condition; without one, all dependencies of the sensor are needed. Throws `invalid` for an unknown name or other syntax. */
export const compileCondition = (text: string | undefined, dependencyNames: readonly string[]): Condition => {
  const expression = text?.trim() ? text : dependencyNames.join(' && ')
  const known = new Map(dependencyNames.map((name) => [plainName(name), name]))
  const tokens = expression.match(/&&|\|\||[()]|[^\s()&|]+/g) ?? []
  let at = 0
  const names = new Set<string>()
  const fail = (why: string): never => {
    throw new AppError('invalid', `condition "${expression}": ${why}`)
  }
  const factor = (): Node => {
    const token = tokens[at++]
    if (token === undefined) return fail('it ends too early')
    if (token === '(') {
      const inner = either()
      return tokens[at++] === ')' ? inner : fail('a parenthesis is not closed')
    }
    const name = known.get(plainName(token))
    if (name === undefined) return fail(`there is no dependency ${token}`)
    names.add(name)
    return { kind: 'name', name }
  }
  const both = (): Node => {
    let left = factor()
    while (tokens[at] === '&&') {
      at += 1
      left = { kind: 'and', left, right: factor() }
    }
    return left
  }
  const either = (): Node => {
    let left = both()
    while (tokens[at] === '||') {
      at += 1
      left = { kind: 'or', left, right: both() }
    }
    return left
  }
  const root = either()
  if (at < tokens.length) fail(`unexpected ${tokens[at]}`)
  return {
    expression,
    names: [...names],
    needsAnd: expression.includes('&'),
    evaluate: (present) => isTrue(root, present),
  }
}

/** Argo maps dashes to underscores before it compiles a condition. */
const plainName = (name: string): string => name.replaceAll('-', '_')

const isTrue = (node: Node, present: ReadonlySet<string>): boolean => {
  switch (node.kind) {
    case 'name':
      return present.has(node.name)
    case 'and':
      return isTrue(node.left, present) && isTrue(node.right, present)
    case 'or':
      return isTrue(node.left, present) || isTrue(node.right, present)
  }
}
