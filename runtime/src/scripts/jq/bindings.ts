import { fail } from './lexer.ts'
import { stepInto } from './paths.ts'
import type { Scope } from './scope.ts'
import type { Binding, Node } from './syntax.ts'
import { type Json, typeName } from './values.ts'

type Values = (node: Node, scope: Scope | undefined, item: { value: Json; path: undefined }) => Iterable<Json>

/** Gives the parts of a value the names of a pattern, once for each way to do it; `values` evaluates the keys that it computes. */
export const createBindings = (values: Values) => {
  function* bindings(binding: Binding, value: Json, scope: Scope | undefined): Generator<Scope | undefined> {
    if (binding.kind === 'variable') {
      yield { name: `$${binding.name}`, value, outer: scope }
    } else if (binding.kind === 'array') yield* bindEntries(binding.all, 0, value, scope)
    else yield* bindMembers(binding.members, 0, value, scope)
  }
  function* bindEntries(
    all: Binding[],
    index: number,
    value: Json,
    scope: Scope | undefined,
  ): Generator<Scope | undefined> {
    const binding = all[index]
    if (binding === undefined) return yield scope
    for (const inner of bindings(binding, stepInto(value, index), scope))
      yield* bindEntries(all, index + 1, value, inner)
  }
  function* bindMembers(
    members: (Binding & { kind: 'object' })['members'],
    index: number,
    value: Json,
    scope: Scope | undefined,
  ): Generator<Scope | undefined> {
    const member = members[index]
    if (member === undefined) return yield scope
    for (const key of values(member.key, scope, { value, path: undefined })) {
      if (typeof key !== 'string') return fail(`${typeName(key)} cannot be the key of an object`)
      const found = stepInto(value, key)
      const named = member.variable === undefined ? scope : { name: `$${member.variable}`, value: found, outer: scope }
      for (const inner of member.inner ? bindings(member.inner, found, named) : [named])
        yield* bindMembers(members, index + 1, value, inner)
    }
  }

  return bindings
}
