import type { Value } from '../values/go-json.ts'
import { fail } from './expr/lexer.ts'
import { compare } from './expr/operators.ts'

type Step =
  | { kind: 'keys'; keys: (string | number)[] }
  | { kind: 'range'; from: number | undefined; to: number | undefined; step: number }
  | { kind: 'wildcard' }
  | { kind: 'recursive' }

const name = /^[^.[\]'"*()\s]+/
const inBrackets = /^\[\s*((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"\]])*)\]/
const key = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+))\s*(?:,|$)/y
const range = /^(-?\d+)?:(-?\d+)?(?::(-?\d+))?$/

/**
 * What a JSON path finds in a value: the one thing that a plain path names, else the list of all. Throws `invalid` when a plain path
 * leads nowhere, and for filters and scripts, which are left out.
 */
export const queryJsonPath = (path: string, root: Value): Value => {
  const steps = parsePath(path)
  let found: Value[] = [root]
  let isPlain = true
  for (const step of steps) {
    const isOne = step.kind === 'keys' && step.keys.length === 1
    isPlain &&= isOne
    found = found.flatMap((value) => apply(step, value))
    if (isPlain && found.length === 0) fail(`JSON path ${path} leads nowhere`)
  }
  return isPlain ? (found[0] as Value) : found
}

const parsePath = (path: string): Step[] => {
  const invalid = (): never => fail(`JSON path ${path} is not valid; filters and scripts are left out`)
  if (path[0] !== '$') invalid()
  const steps: Step[] = []
  let rest = path.slice(1)
  while (rest !== '') {
    const isRecursive = rest.startsWith('..')
    if (isRecursive) steps.push({ kind: 'recursive' })
    const isDotted = isRecursive || rest[0] === '.'
    if (isDotted) rest = rest.slice(isRecursive ? 2 : 1)
    const bracketed = isDotted && !isRecursive ? null : inBrackets.exec(rest)
    const word = isDotted ? (rest[0] === '*' ? '*' : name.exec(rest)?.[0]) : undefined
    if (bracketed !== null) steps.push(parseBrackets(bracketed[1] as string) ?? invalid())
    else if (word === '*') steps.push({ kind: 'wildcard' })
    else steps.push({ kind: 'keys', keys: [word ?? invalid()] })
    rest = rest.slice((bracketed?.[0] ?? (word as string)).length)
  }
  return steps
}

const parseBrackets = (text: string): Step | undefined => {
  const trimmed = text.trim()
  if (trimmed === '*') return { kind: 'wildcard' }
  const [isRange, from, to, step] = range.exec(trimmed) ?? []
  if (isRange !== undefined) return { kind: 'range', from: numberOf(from), to: numberOf(to), step: numberOf(step) ?? 1 }
  const keys: (string | number)[] = []
  for (key.lastIndex = 0; key.lastIndex < trimmed.length; ) {
    const found = key.exec(trimmed)
    if (found === null) return undefined
    const [, single, double, index] = found
    keys.push(index === undefined ? (single ?? double ?? '').replace(/\\(.)/g, '$1') : Number(index))
  }
  return keys.length === 0 ? undefined : { kind: 'keys', keys }
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))

const apply = (step: Step, value: Value): Value[] => {
  switch (step.kind) {
    case 'keys':
      return step.keys.flatMap((one) => child(value, one))
    case 'wildcard':
      return childrenOf(value)
    case 'recursive':
      return [value, ...childrenOf(value).flatMap((inner) => apply(step, inner))]
    case 'range':
      return Array.isArray(value) ? ranged(value, step) : []
  }
}

const child = (value: Value, one: string | number): Value[] => {
  if (typeof one === 'string') return value instanceof Map && value.has(one) ? [value.get(one) as Value] : []
  const item = Array.isArray(value) ? value.at(one) : undefined
  return item === undefined ? [] : [item]
}

const childrenOf = (value: Value): Value[] => {
  if (Array.isArray(value)) return value
  return value instanceof Map ? [...value].sort(([a], [b]) => compare(a, b)).map(([, inner]) => inner) : []
}

const ranged = (list: readonly Value[], { from, to, step }: Extract<Step, { kind: 'range' }>): Value[] => {
  if (step === 0) return fail('a range of a JSON path cannot have the step 0')
  const part = list.slice(from ?? 0, to ?? list.length)
  const ordered = step < 0 ? part.toReversed() : part
  return ordered.filter((_, index) => index % Math.abs(step) === 0)
}
