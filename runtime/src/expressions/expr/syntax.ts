import type { Value } from '../../values/go-json.ts'

/** A parsed expression of expr-lang. */
export type Node =
  | { kind: 'literal'; value: Value }
  | { kind: 'name'; name: string }
  /** The current element of a predicate, its index or its accumulator. */
  | { kind: 'pointer'; name: string }
  | { kind: 'unary'; operator: string; operand: Node }
  | { kind: 'binary'; operator: string; left: Node; right: Node }
  | { kind: 'member'; of: Node; key: Node; isOptional: boolean }
  /** Where a member that is optional ends when what it is of is nil. */
  | { kind: 'chain'; node: Node }
  | { kind: 'slice'; of: Node; from: Node | undefined; to: Node | undefined }
  | { kind: 'call'; callee: Node; arguments: Node[] }
  | { kind: 'builtin'; name: string; arguments: Node[] }
  | { kind: 'let'; name: string; value: Node; body: Node }
  | { kind: 'conditional'; condition: Node; yes: Node; no: Node }
  | { kind: 'array'; items: Node[] }
  | { kind: 'map'; pairs: { key: Node; value: Node }[] }

/** Builtins whose second argument is an expression over each element. */
export const predicates: ReadonlySet<string> = new Set([
  'all',
  'none',
  'any',
  'one',
  'filter',
  'map',
  'count',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'groupBy',
  'reduce',
])

/** The parts of a node that are nodes. */
export const partsOf = (node: Node): Node[] => {
  switch (node.kind) {
    case 'literal':
    case 'name':
    case 'pointer':
      return []
    case 'unary':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'member':
      return [node.of, node.key]
    case 'chain':
      return [node.node]
    case 'slice':
      return [node.of, node.from, node.to].filter((part) => part !== undefined)
    case 'call':
      return [node.callee, ...node.arguments]
    case 'builtin':
      return node.arguments
    case 'let':
      return [node.value, node.body]
    case 'conditional':
      return [node.condition, node.yes, node.no]
    case 'array':
      return node.items
    case 'map':
      return node.pairs.flatMap(({ key, value }) => [key, value])
  }
}
