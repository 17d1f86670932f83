import { fail } from './lexer.ts'

const integerMax = 2n ** 63n - 1n

/** How tightly operators bind; the larger, the tighter. */
export const unary: Record<string, number> = { not: 50, '!': 50, '-': 90, '+': 90 }
export const binary: Record<string, number> = {
  '|': 0,
  or: 10,
  '||': 10,
  and: 15,
  '&&': 15,
  '==': 20,
  '!=': 20,
  '<': 20,
  '>': 20,
  '>=': 20,
  '<=': 20,
  in: 20,
  matches: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  '..': 25,
  '+': 30,
  '-': 30,
  '*': 60,
  '/': 60,
  '%': 60,
  '**': 100,
  '^': 100,
  '??': 500,
}
export const groupsRight = new Set(['**', '^'])

/** The value of a number's literal; one with a point or an exponent is a float. */
export const readNumber = (text: string): bigint | number => {
  const plain = text.replaceAll('_', '')
  if (plain.startsWith('0x') || !/[.eE]/.test(plain)) {
    if (!/^(0x[\da-fA-F]+|\d+)$/.test(plain)) fail(`invalid integer literal: ${text}`)
    const integer = BigInt(plain)
    return integer > integerMax ? fail(`integer literal is too large: ${text}`) : integer
  }
  const number = Number(plain)
  return Number.isFinite(number) ? number : fail(`invalid float literal: ${text}`)
}
