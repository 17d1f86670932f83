import type { Value } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'
import { printValue } from '../print.ts'
import { decimal } from './decimal.ts'

const listMaxEntries = 100_000

const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)
const overflow = -(2n ** 63n)

/** Any value as an integer; what is none is 0, and what does not fit into 64 bits is the smallest one. */
export const toInteger = (value: Value): bigint => {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) return overflow
    return BigInt(Math.trunc(value))
  }
  if (typeof value !== 'string') return 0n
  const text = value.replace(/\.0*$/, '').replaceAll(/(?<=\d)_(?=\d)/g, '')
  const match = /^([+-]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(\d+))$/.exec(text)
  if (match === null) return 0n
  const [, sign, hex, binary, octal, plain] = match
  const size = hex
    ? BigInt(`0x${hex}`)
    : binary
      ? BigInt(`0b${binary}`)
      : octal
        ? BigInt(`0o${octal}`)
        : BigInt(plain ?? 0)
  const signed = sign === '-' ? -size : size
  return int64(signed) === signed ? signed : 0n
}

/** Any value as a float64; what is none is 0. */
const toFloat = (value: Value): number => {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value)
  return 0
}

const untilStep = (start: bigint, stop: bigint, step: bigint): bigint[] => {
  if (stop < start ? step >= 0n : step <= 0n) return []
  const size = (stop - start) / step
  if (size > BigInt(listMaxEntries)) throw new Error(`a list of more than ${listMaxEntries} entries`)
  const values: bigint[] = []
  for (let at = start; stop < start ? at > stop : at < stop; at += step) values.push(at)
  return values
}

const until = (count: bigint): bigint[] => untilStep(0n, count, count < 0n ? -1n : 1n)

const seq = (...params: bigint[]): string => {
  const [first = 0n, second = 0n, third = 0n] = params
  const way = (start: bigint, end: bigint) => (end < start ? -1n : 1n)
  switch (params.length) {
    case 1:
      return untilStep(1n, first + way(1n, first), way(1n, first)).join(' ')
    case 2:
      return untilStep(first, second + way(first, second), way(first, second)).join(' ')
    case 3:
      if (third < first && second > 0n) return ''
      return untilStep(first, third + way(first, third), second).join(' ')
    default:
      return ''
  }
}

const divide = (a: Value, b: Value, work: (a: bigint, b: bigint) => bigint): bigint => {
  const by = toInteger(b)
  if (by === 0n) throw new Error('runtime error: integer divide by zero')
  return int64(work(toInteger(a), by))
}

const round = (value: Value, places: bigint, ...options: number[]): number => {
  const power = 10 ** Number(places)
  const digit = power * toFloat(value)
  return (digit % 1 >= Number(options[0] ?? 0.5) ? Math.ceil(digit) : Math.floor(digit)) / power
}

const fold = (values: readonly Value[], work: (a: bigint, b: bigint) => bigint): bigint =>
  values.map(toInteger).reduce((a, b) => int64(work(a, b)))

const larger = (a: bigint, b: bigint): bigint => (b > a ? b : a)
const max = takes('aa*', (...values: Value[]) => fold(values, larger))

export const numberFunctions: Functions = {
  atoi: takes('s', (text: string) =>
    /^[+-]?\d+$/.test(text) ? toInteger(text.replace(/^([+-]?)0+(?=\d)/, '$1')) : 0n,
  ),
  int: takes('a', toInteger),
  int64: takes('a', toInteger),
  float64: takes('a', toFloat),
  toDecimal: takes('a', (value: Value) => {
    const text = printValue(value)
    return /^[+-]?[0-7]+$/.test(text) ? BigInt(Number.parseInt(text, 8)) : 0n
  }),
  seq: takes('i*', seq),
  until: takes('i', until),
  untilStep: takes('iii', untilStep),
  add1: takes('a', (value: Value) => int64(toInteger(value) + 1n)),
  add: takes('a*', (...values: Value[]) => fold([0n, ...values], (a, b) => a + b)),
  sub: takes('aa', (a: Value, b: Value) => int64(toInteger(a) - toInteger(b))),
  mul: takes('aa*', (...values: Value[]) => fold(values, (a, b) => a * b)),
  div: takes('aa', (a: Value, b: Value) => divide(a, b, (x, y) => x / y)),
  mod: takes('aa', (a: Value, b: Value) => divide(a, b, (x, y) => x % y)),
  max,
  biggest: max,
  min: takes('aa*', (...values: Value[]) => fold(values, (a, b) => (b < a ? b : a))),
  maxf: takes('aa*', (...values: Value[]) => Math.max(...values.map(toFloat))),
  minf: takes('aa*', (...values: Value[]) => Math.min(...values.map(toFloat))),
  ceil: takes('a', (value: Value) => Math.ceil(toFloat(value))),
  floor: takes('a', (value: Value) => Math.floor(toFloat(value))),
  round: takes('aif*', round),
  add1f: takes('a', (value: Value) => decimal('add', [toFloat(value), 1])),
  addf: takes('a*', (...values: Value[]) => decimal('add', [0, ...values.map(toFloat)])),
  subf: takes('aa*', (...values: Value[]) => decimal('subtract', values.map(toFloat))),
  mulf: takes('aa*', (...values: Value[]) => decimal('multiply', values.map(toFloat))),
  divf: takes('aa*', (...values: Value[]) => decimal('divide', values.map(toFloat))),
}
