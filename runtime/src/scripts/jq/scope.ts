import { parseDefinitions } from './parser.ts'
import { prelude } from './prelude.ts'
import type { Binding, Definition, Node } from './syntax.ts'
import type { Json } from './values.ts'

/** A function of the program, or an argument that is evaluated where it was written. */
export type Callable = { definition: Definition; scope: Scope | undefined } | { node: Node; scope: Scope | undefined }
/** Names in a program, the nearest first. */
export type Scope = { name: string; value: Json | Callable | symbol; outer: Scope | undefined }

export const find = (scope: Scope | undefined, name: string): Scope | undefined => {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return at
  return undefined
}

export const define = (outer: Scope | undefined, definition: Definition): Scope => {
  const scope: Scope = { name: `${definition.name}/${definition.parameters.length}`, value: null, outer }
  scope.value = { definition, scope }
  return scope
}

let library: Scope | undefined

/** The functions of the library see each other, wherever they stand. */
export const libraryScope = (): Scope | undefined => {
  if (library) return library
  library = parseDefinitions(prelude).reduce<Scope | undefined>(define, undefined)
  for (let at = library; at !== undefined; at = at.outer) at.value = { ...(at.value as Callable), scope: library }
  return library
}

/** The variables that a binding names. */
export const namesOf = (binding: Binding): string[] => {
  if (binding.kind === 'variable') return [binding.name]
  if (binding.kind === 'array') return binding.all.flatMap(namesOf)
  return binding.members.flatMap(({ variable, inner }) => [
    ...(variable === undefined ? [] : [variable]),
    ...(inner ? namesOf(inner) : []),
  ])
}
