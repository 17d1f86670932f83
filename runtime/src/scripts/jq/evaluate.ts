import { createBindings } from './bindings.ts'
import { builtins } from './builtins.ts'
import { checkNames } from './check-names.ts'
import { Break, isCatchable, JqError } from './errors.ts'
import { formats } from './formats.ts'
import { fail } from './lexer.ts'
import { createMeter } from './meter.ts'
import { parse } from './parser.ts'
import { type Path, stepInto, updateAt } from './paths.ts'
import { type Callable, define, find, libraryScope, namesOf, type Scope } from './scope.ts'
import type { Binding, Definition, Node } from './syntax.ts'
import { combine, isObject, isTruthy, type Json, sortedKeys, typeName } from './values.ts'

/** A value, and where in the input it stands; without a path it stands nowhere and cannot be updated. */
export type Item = { value: Json; path: Path | undefined }

/** Compiles a program: each run gives its outputs one by one, as they are asked for. */
export const compileJq = (program: string): ((input: Json) => Generator<Json>) => {
  const root = parse(program)
  const scope = libraryScope()
  checkNames(root, scope)
  return function* run(input) {
    const { evaluate } = createRun()
    for (const { value } of evaluate(root, scope, { value: input, path: undefined })) yield value
  }
}

const createRun = () => {
  const meter = createMeter()
  const { tick } = meter

  /** All outputs of a node for one input. */
  function* evaluate(node: Node, scope: Scope | undefined, item: Item): Generator<Item> {
    tick()
    switch (node.kind) {
      case 'identity':
        yield item
        return
      case 'recurse':
        yield* descend(item)
        return
      case 'literal':
        yield at(node.value)
        return
      case 'format':
        yield at(formats[node.name]?.(item.value) ?? null)
        return
      case 'text':
        yield* textOf(node, scope, item)
        return
      case 'index':
        for (const owner of evaluate(node.of, scope, item))
          for (const by of values(node.by, scope, item)) yield child(owner, by)
        return
      case 'slice':
        for (const owner of evaluate(node.of, scope, item))
          for (const end of node.to ? values(node.to, scope, item) : [null])
            for (const start of node.from ? values(node.from, scope, item) : [null]) yield child(owner, { start, end })
        return
      case 'each':
        for (const owner of evaluate(node.of, scope, item)) yield* each(owner)
        return
      case 'array':
        yield at(node.all ? [...values(node.all, scope, item)] : [])
        return
      case 'object':
        for (const value of objects(node.members, 0, scope, item)) yield at(value)
        return
      case 'negative':
        for (const value of values(node.of, scope, item)) yield at(combine('-', 0, value, tick))
        return
      case 'pipe':
        for (const middle of evaluate(node.left, scope, item)) yield* evaluate(node.right, scope, middle)
        return
      case 'comma':
        yield* evaluate(node.left, scope, item)
        yield* evaluate(node.right, scope, item)
        return
      case 'binary':
        for (const right of values(node.right, scope, item))
          for (const left of values(node.left, scope, item)) yield at(combine(node.operator, left, right, tick))
        return
      case 'and':
      case 'or':
        for (const left of values(node.left, scope, item)) {
          if (isTruthy(left) === (node.kind === 'or')) yield at(isTruthy(left))
          else for (const right of values(node.right, scope, item)) yield at(isTruthy(right))
        }
        return
      case 'alternative':
        yield* alternative(node.left, node.right, scope, item)
        return
      case 'if':
        for (const test of values(node.condition, scope, item)) {
          if (isTruthy(test)) yield* evaluate(node.yes, scope, item)
          else if (node.no) yield* evaluate(node.no, scope, item)
          else yield item
        }
        return
      case 'try':
        yield* attempt(node.body, node.handler, scope, item)
        return
      case 'assign':
        yield* assign(node, scope, item)
        return
      case 'reduce':
      case 'foreach':
        yield* fold(node, scope, item)
        return
      case 'define':
        yield* evaluate(node.body, define(scope, node.definition), item)
        return
      case 'as':
        for (const value of values(node.source, scope, item)) yield* bound(node.bindings, value, node.body, scope, item)
        return
      case 'label': {
        const label = Symbol(node.name)
        try {
          yield* evaluate(node.body, { name: `*${node.name}`, value: label, outer: scope }, item)
        } catch (error) {
          if (!(error instanceof Break && error.label === label)) throw error
        }
        return
      }
      case 'break':
        throw new Break(find(scope, `*${node.name}`)?.value as symbol)
      case 'variable':
        yield at(node.name === 'ENV' ? {} : (find(scope, `$${node.name}`)?.value as Json))
        return
      case 'call':
        yield* call(node.name, node.args, scope, item)
    }
  }

  const bindings = createBindings((node, scope, item) => values(node, scope, item))
  const at = (value: Json): Item => ({ value, path: undefined })
  function* values(node: Node, scope: Scope | undefined, item: Item): Generator<Json> {
    for (const { value } of evaluate(node, scope, { value: item.value, path: undefined })) yield value
  }
  const child = (owner: Item, by: Json): Item => ({
    value: stepInto(owner.value, by),
    path: owner.path && [...owner.path, by],
  })
  function* each(owner: Item): Generator<Item> {
    const { value } = owner
    if (Array.isArray(value)) for (let index = 0; index < value.length; index += 1) yield child(owner, index)
    else if (isObject(value)) for (const key of sortedKeys(value)) yield child(owner, key)
    else fail(`${typeName(value)} cannot be iterated over`)
  }
  function* descend(item: Item): Generator<Item> {
    tick()
    yield item
    if (typeof item.value !== 'object' || item.value === null) return
    for (const inner of each(item)) yield* descend(inner)
  }
  function* textOf(node: Node & { kind: 'text' }, scope: Scope | undefined, item: Item, index = 0): Generator<Item> {
    const part = node.parts[index]
    if (part === undefined) return yield at('')
    const format = formats[node.format || '@text'] ?? fail(`format ${node.format} is not defined`)
    for (const rest of textOf(node, scope, item, index + 1)) {
      if (typeof part === 'string') yield at(`${part}${rest.value}`)
      else for (const value of values(part, scope, item)) yield at(`${format(value)}${rest.value}`)
    }
  }
  function* objects(
    members: { key: Node; value: Node }[],
    index: number,
    scope: Scope | undefined,
    item: Item,
    built: { [name: string]: Json } = {},
  ): Generator<Json> {
    const member = members[index]
    if (member === undefined) return yield built
    for (const key of values(member.key, scope, item)) {
      if (typeof key !== 'string') return fail(`${typeName(key)} cannot be the key of an object`)
      for (const value of values(member.value, scope, item))
        yield* objects(members, index + 1, scope, item, { ...built, [key]: value })
    }
  }
  function* alternative(left: Node, right: Node, scope: Scope | undefined, item: Item): Generator<Item> {
    let isFound = false
    try {
      for (const one of evaluate(left, scope, item)) {
        if (!isTruthy(one.value)) continue
        isFound = true
        yield one
      }
    } catch (error) {
      if (!isCatchable(error)) throw error
    }
    if (!isFound) yield* evaluate(right, scope, item)
  }
  function* attempt(body: Node, handler: Node | undefined, scope: Scope | undefined, item: Item): Generator<Item> {
    let message: Json
    const outputs = evaluate(body, scope, item)
    for (;;) {
      let next: IteratorResult<Item>
      try {
        next = outputs.next()
      } catch (error) {
        if (!isCatchable(error)) throw error
        message = error instanceof JqError ? error.value : error.message
        break
      }
      if (next.done) return
      yield next.value
    }
    if (handler) yield* evaluate(handler, scope, at(message))
  }
  function* assign(node: Node & { kind: 'assign' }, scope: Scope | undefined, item: Item): Generator<Item> {
    const { operator, left, right } = node
    const places = () => [...evaluate(left, scope, { value: item.value, path: [] })].map(pathOf)
    const first = (updated: Node, old: Json): Json | undefined => values(updated, scope, at(old)).next().value
    if (operator === '|=') {
      const dropped: Path[] = []
      let value = item.value
      for (const path of places()) {
        value = updateAt(value, path, (old) => {
          const made = first(right, old)
          if (made === undefined) dropped.push(path)
          return made ?? null
        })
      }
      yield at(
        dropped.length === 0 ? value : ((builtins['delpaths/1']?.(meter, value, [dropped as Json[]]) ?? null) as Json),
      )
      return
    }
    for (const given of values(right, scope, item)) {
      yield at(
        places().reduce<Json>(
          (value, path) =>
            updateAt(value, path, (old) => {
              if (operator === '=') return given
              if (operator === '//=') return isTruthy(old) ? old : given
              return combine(operator.slice(0, -1), old, given, tick)
            }),
          item.value,
        ),
      )
    }
  }
  const pathOf = ({ path }: Item): Path => path ?? fail('this is not a path')
  function* fold(node: Node & { kind: 'reduce' | 'foreach' }, scope: Scope | undefined, item: Item): Generator<Item> {
    for (const start of evaluate(node.start, scope, item)) {
      let state: Item = start
      for (const value of values(node.source, scope, item)) {
        for (const inner of bindings(node.binding, value, scope)) {
          let last: Item | undefined
          for (const output of evaluate(node.update, inner, state)) {
            last = output
            if (node.kind === 'foreach') {
              if (node.extract) yield* evaluate(node.extract, inner, output)
              else yield output
            }
          }
          state = last ?? (node.kind === 'reduce' ? at(null) : state)
        }
      }
      if (node.kind === 'reduce') yield state
    }
  }
  function* bound(all: Binding[], value: Json, body: Node, scope: Scope | undefined, item: Item): Generator<Item> {
    const empty = all.length > 1 ? all.flatMap(namesOf) : []
    const outer = empty.reduce<Scope | undefined>(
      (inner, name) => ({ name: `$${name}`, value: null, outer: inner }),
      scope,
    )
    for (const [index, binding] of all.entries()) {
      try {
        for (const inner of bindings(binding, value, outer)) yield* evaluate(body, inner, item)
        return
      } catch (error) {
        if (index === all.length - 1 || !isCatchable(error)) throw error
      }
    }
  }
  function* call(name: string, args: Node[], scope: Scope | undefined, item: Item): Generator<Item> {
    const found = find(scope, `${name}/${args.length}`)?.value as Callable | undefined
    if (found === undefined) return yield* callBuiltin(`${name}/${args.length}`, args, scope, item)
    if ('node' in found) return yield* evaluate(found.node, found.scope, item)
    yield* callDefined(found.definition, found.scope, args, scope, item, 0)
  }
  /** Parameters are closures; one that is written `$x` is also a variable, once for each value of its argument. */
  function* callDefined(
    definition: Definition,
    inner: Scope | undefined,
    args: Node[],
    scope: Scope | undefined,
    item: Item,
    index: number,
  ): Generator<Item> {
    const parameter = definition.parameters[index]
    if (parameter === undefined) return yield* evaluate(definition.body, inner, item)
    const node = args[index] as Node
    if (!parameter.startsWith('$')) {
      const next = { name: `${parameter}/0`, value: { node, scope }, outer: inner }
      return yield* callDefined(definition, next, args, scope, item, index + 1)
    }
    for (const value of values(node, scope, item)) {
      const variable: Scope = { name: parameter, value, outer: inner }
      const asFunction: Callable = { node: { kind: 'variable', name: parameter.slice(1) }, scope: variable }
      const next = { name: `${parameter.slice(1)}/0`, value: asFunction, outer: variable }
      yield* callDefined(definition, next, args, scope, item, index + 1)
    }
  }

  function* callBuiltin(name: string, args: Node[], scope: Scope | undefined, item: Item): Generator<Item> {
    const [first, second] = args as [Node, Node]
    switch (name) {
      case 'empty/0':
        return
      case 'error/0':
        throw new JqError(item.value)
      case 'error/1':
        for (const value of values(first, scope, item)) throw new JqError(value)
        return
      case 'path/1':
        for (const found of evaluate(first, scope, { value: item.value, path: [] })) yield at([...pathOf(found)])
        return
      case 'getpath/1':
        for (const path of values(first, scope, item)) {
          if (!Array.isArray(path)) return fail('a path must be an array')
          yield path.reduce<Item>(
            (found, step) =>
              found.value === null
                ? { ...child(at(null), step), path: found.path && [...found.path, step] }
                : child(found, step),
            item,
          )
        }
        return
      case 'recurse/1':
        yield* repeat(first, scope, item)
        return
      case 'first/1':
        for (const output of evaluate(first, scope, item)) return yield output
        return
      case 'limit/2':
        for (const count of values(first, scope, item)) {
          let left = Number(count)
          if (left <= 0) continue
          for (const output of evaluate(second, scope, item)) {
            yield output
            if ((left -= 1) <= 0) break
          }
        }
        return
      case 'range/2':
        for (const from of values(first, scope, item))
          for (const to of values(second, scope, item))
            for (let number = Number(from); number < Number(to); number += 1) {
              tick()
              yield at(number)
            }
        return
      default: {
        const work = builtins[name] ?? fail(`function ${name} is not defined`)
        for (const given of products(args, scope, item)) yield at(work(meter, item.value, given))
      }
    }
  }
  /** The input, then what `next` makes of it, and so on, without growing the stack for long chains. */
  function* repeat(next: Node, scope: Scope | undefined, item: Item): Generator<Item> {
    yield item
    const open = [evaluate(next, scope, item)]
    while (open.length > 0) {
      const { done, value } = (open.at(-1) as Generator<Item>).next()
      if (done) {
        open.pop()
        continue
      }
      yield value
      open.push(evaluate(next, scope, value))
    }
  }
  function* products(args: Node[], scope: Scope | undefined, item: Item, index = args.length - 1): Generator<Json[]> {
    const node = args[index]
    if (node === undefined) return yield []
    for (const value of values(node, scope, item))
      for (const rest of products(args, scope, item, index - 1)) yield [...rest, value]
  }

  return { evaluate }
}
