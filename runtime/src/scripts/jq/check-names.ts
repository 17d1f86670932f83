import { builtins } from './builtins.ts'
import { formats } from './formats.ts'
import { fail } from './lexer.ts'
import { find, namesOf, type Scope } from './scope.ts'
import type { Binding, Node } from './syntax.ts'

/** Functions that see paths or decide how far their arguments run. */
const lazy = new Set('empty/0 error/0 error/1 path/1 getpath/1 recurse/1 first/1 limit/2 range/2'.split(' '))

/** Unknown functions and variables are mistakes of the program, found before it runs. */
export const checkNames = (node: Node, scope: Scope | undefined): void => {
  const bind = (outer: Scope | undefined, name: string): Scope => ({ name, value: null, outer })
  const bindAll = (outer: Scope | undefined, bindings: readonly Binding[]) =>
    bindings.flatMap(namesOf).reduce<Scope | undefined>((all, name) => bind(all, `$${name}`), outer)
  switch (node.kind) {
    case 'define': {
      const { name, parameters, body } = node.definition
      const outer = bind(scope, `${name}/${parameters.length}`)
      const inner = parameters.reduce<Scope>((all, one) => bind(bind(all, one), `${one.replace('$', '')}/0`), outer)
      checkNames(body, inner)
      return checkNames(node.body, outer)
    }
    case 'as':
      checkNames(node.source, scope)
      return checkNames(node.body, bindAll(scope, node.bindings))
    case 'reduce':
    case 'foreach': {
      const inner = bindAll(scope, [node.binding])
      checkNames(node.source, scope)
      checkNames(node.start, scope)
      checkNames(node.update, inner)
      if (node.kind === 'foreach' && node.extract) checkNames(node.extract, inner)
      return
    }
    case 'label':
      return checkNames(node.body, bind(scope, `*${node.name}`))
    case 'break':
      if (!find(scope, `*${node.name}`)) fail(`label $${node.name} is not defined`)
      return
    case 'variable':
      if (node.name !== 'ENV' && !find(scope, `$${node.name}`)) fail(`variable $${node.name} is not defined`)
      return
    case 'call': {
      const name = `${node.name}/${node.args.length}`
      if (!find(scope, name) && !lazy.has(name) && !builtins[name]) fail(`function ${name} is not defined`)
      return node.args.forEach((argument) => checkNames(argument, scope))
    }
    case 'format':
      if (!formats[node.name]) fail(`format ${node.name} is not defined`)
      return
    default:
      return childrenOf(node).forEach((child) => checkNames(child, scope))
  }
}

const childrenOf = (node: Node): Node[] =>
  Object.values(node).flatMap((value: unknown): Node[] => {
    const all = Array.isArray(value) ? value : [value]
    return all.flatMap((one) => {
      if (typeof one !== 'object' || one === null) return []
      return 'kind' in one ? [one as Node] : childrenOf(one as Node)
    })
  })
