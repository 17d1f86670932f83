import { sortedKeys, type Value } from '../go-json.ts'
import { callFunction, type Functions } from './functions.ts'
import type { Node, Operand, Parsed, Pipe } from './parse.ts'
import { isTrue, printValue, typeName } from './print.ts'

const depthMax = 1_000
const stepsMax = 100_000
const outputMaxCharacters = 16_777_216

type State = { variables: { name: string; value: Value }[]; depth: number }

/** Why a loop's body ended early. */
type Jump = 'break' | 'continue' | undefined

/** Runs a parsed template over its input. Throws when Go would, and when the template does too much. */
export const run = ({ body, templates }: Parsed, functions: Functions, input: Value): string => {
  const output: string[] = []
  let characters = 0
  let steps = 0

  const write = (text: string): void => {
    characters += text.length
    if (characters > outputMaxCharacters)
      throw new Error(`the template writes more than ${outputMaxCharacters} characters`)
    output.push(text)
  }

  const walkAll = (nodes: readonly Node[], dot: Value, state: State): Jump => {
    for (const node of nodes) {
      const jump = walk(node, dot, state)
      if (jump !== undefined) return jump
    }
    return undefined
  }

  const walk = (node: Node, dot: Value, state: State): Jump => {
    steps += 1
    if (steps > stepsMax) throw new Error(`the template takes more than ${stepsMax} steps`)
    switch (node.kind) {
      case 'text':
        write(node.text)
        return undefined
      case 'print': {
        const value = evaluate(node.pipe, dot, state)
        if (node.pipe.variables.length === 0) write(value === null ? '<no value>' : printValue(value))
        return undefined
      }
      case 'range':
        return scoped(state, () => range(node, dot, state))
      case 'if':
      case 'with':
        return scoped(state, () => {
          const value = evaluate(node.pipe, dot, state)
          const inner = node.kind === 'with' ? value : dot
          return isTrue(value) ? walkAll(node.body, inner, state) : walkAll(node.otherwise, dot, state)
        })
      case 'template':
        callTemplate(node.name, node.pipe && evaluate(node.pipe, dot, state), state.depth + 1)
        return undefined
      default:
        return node.kind
    }
  }

  const scoped = <T>(state: State, work: () => T): T => {
    const size = state.variables.length
    const result = work()
    state.variables.length = size
    return result
  }

  const callTemplate = (name: string, dot: Value | undefined, depth: number): void => {
    const nodes = templates.get(name)
    if (nodes === undefined) throw new Error(`template "${name}" not defined`)
    if (depth > depthMax) throw new Error('exceeded maximum template depth')
    walkAll(nodes, dot ?? null, { variables: [{ name: '$', value: dot ?? null }], depth })
  }

  const range = (node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, dot: Value, state: State): Jump => {
    const { variables, isAssignment, commands } = node.pipe
    const over = evaluate({ variables: [], isAssignment: false, commands }, dot, state)
    const entries = entriesOf(over)
    if (entries.length === 0) return walkAll(node.otherwise, dot, state)
    for (const [key, value] of entries) {
      const jump = scoped(state, () => {
        const given = variables.length === 2 ? [key, value] : [value]
        for (const [at, name] of variables.entries()) assign(state, name, given[at] ?? null, isAssignment)
        return walkAll(node.body, value, state)
      })
      if (jump === 'break') break
    }
    return undefined
  }

  const assign = (state: State, name: string, value: Value, isAssignment: boolean): void => {
    const existing = isAssignment ? state.variables.findLast((variable) => variable.name === name) : undefined
    if (existing === undefined) state.variables.push({ name, value })
    else existing.value = value
  }

  const evaluate = ({ variables, isAssignment, commands }: Pipe, dot: Value, state: State): Value => {
    let value: Value | undefined
    for (const command of commands) value = runCommand(command, dot, state, value)
    for (const name of variables) assign(state, name, value ?? null, isAssignment)
    return value ?? null
  }

  const runCommand = (command: Operand[], dot: Value, state: State, final: Value | undefined): Value => {
    const [first, ...rest] = command as [Operand, ...Operand[]]
    if (first.kind === 'function') {
      const found = callNamed(first.name, rest, { dot, state, final })
      return lookUp(found, first.fields)
    }
    if (rest.length > 0 || final !== undefined) throw new Error("can't give argument to non-function")
    if (first.kind === 'nil') throw new Error('nil is not a command')
    return argument(first, dot, state)
  }

  const callNamed = (
    name: string,
    operands: readonly Operand[],
    { dot, state, final }: { dot: Value; state: State; final: Value | undefined },
  ): Value => {
    steps += 1
    if (steps > stepsMax) throw new Error(`the template takes more than ${stepsMax} steps`)
    if (name === 'and' || name === 'or') {
      if (operands.length === 0 && final === undefined) throw new Error(`wrong number of args for ${name}`)
      let value: Value = null
      for (const operand of operands) {
        value = argument(operand, dot, state)
        if (isTrue(value) === (name === 'or')) return value
      }
      return final === undefined ? value : final
    }
    const values = operands.map((operand) => argument(operand, dot, state))
    if (final !== undefined) values.push(final)
    const found = functions[name]
    if (found === undefined) throw new Error(`function "${name}" not defined`)
    return callFunction(name, found, values)
  }

  const argument = (operand: Operand, dot: Value, state: State): Value =>
    lookUp(base(operand, dot, state), operand.fields)

  const base = (operand: Operand, dot: Value, state: State): Value => {
    switch (operand.kind) {
      case 'dot':
        return dot
      case 'nil':
        return null
      case 'constant':
        return operand.value
      case 'variable':
        return state.variables.findLast(({ name }) => name === operand.name)?.value ?? null
      case 'pipe':
        return evaluate(operand.pipe, dot, state)
      case 'function':
        return callNamed(operand.name, [], { dot, state, final: undefined })
    }
  }

  walkAll(body, input, { variables: [{ name: '$', value: input }], depth: 0 })
  return output.join('')
}

const lookUp = (value: Value, fields: readonly string[]): Value => {
  let found = value
  for (const field of fields) {
    if (found === null) return null
    if (!(found instanceof Map)) throw new Error(`can't evaluate field ${field} in type ${typeName(found)}`)
    found = found.get(field) ?? null
  }
  return found
}

const entriesOf = (over: Value): [Value, Value][] => {
  if (over === null) return []
  if (Array.isArray(over)) return over.map((value, at) => [BigInt(at), value])
  if (over instanceof Map) return sortedKeys(over).map((key) => [key, over.get(key) ?? null])
  if (typeof over === 'bigint') {
    if (over > BigInt(stepsMax)) throw new Error(`range over more than ${stepsMax}`)
    return Array.from({ length: Math.max(0, Number(over)) }, (_, at) => [BigInt(at), BigInt(at)])
  }
  throw new Error(`range can't iterate over ${printValue(over)}`)
}
