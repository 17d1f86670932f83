import { AppError } from '@bookinfo/errors'

export type Token = { kind: 'name' | 'number' | 'string' | 'operator' | 'bracket' | 'end'; text: string }

const space = /^\s+/u
const comment = /^(?:\/\/[^\n]*\n?|\/\*[\s\S]*?\*\/)/
const word = /^[\p{L}_$][\p{L}\p{Nd}_$]*/u
const digits = /^(?:0[xX][\da-fA-F_]*|(?:[\d_]+(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?[\d_]*)?)/
const operator = /^(?:\.\.|\?\.|\?\?|\|\||[&!=*<>][&=*]?|[?/#|,:;%+\-^.])/
const bracket = /^[()[\]{}]/
const wordOperators = new Set(['not', 'in', 'or', 'and', 'matches', 'contains', 'startsWith', 'endsWith', 'let'])
const escapes: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}
const codeSizes: Record<string, number> = { x: 2, u: 4, U: 8 }

export const fail = (why: string): never => {
  throw new AppError('invalid', why)
}

/** Splits an expression of expr-lang. */
export const tokenize = (expression: string): Token[] => {
  const tokens: Token[] = []
  let at = 0
  while (at < expression.length) {
    const rest = expression.slice(at)
    const skipped = (space.exec(rest) ?? comment.exec(rest))?.[0]
    if (skipped !== undefined) {
      at += skipped.length
      continue
    }
    const { token, size } = rest[0] === '"' || rest[0] === "'" ? readString(rest) : readPlain(rest)
    tokens.push(token)
    at += size
  }
  return [...tokens, { kind: 'end', text: 'the end' }]
}

const readPlain = (rest: string): { token: Token; size: number } => {
  const number = digits.exec(rest)?.[0]
  if (number !== undefined && /^\.?\d/.test(rest)) {
    if (/^[\p{L}\p{Nd}_$]/u.test(rest.slice(number.length)))
      fail(`bad number syntax: "${number}${rest[number.length]}"`)
    return { token: { kind: 'number', text: number }, size: number.length }
  }
  const name = word.exec(rest)?.[0]
  if (name !== undefined)
    return { token: { kind: wordOperators.has(name) ? 'operator' : 'name', text: name }, size: name.length }
  const sign = operator.exec(rest)?.[0]
  if (sign !== undefined) return { token: { kind: 'operator', text: sign }, size: sign.length }
  if (bracket.test(rest)) return { token: { kind: 'bracket', text: rest[0] as string }, size: 1 }
  return fail(`unrecognized character: ${[...rest][0]}`)
}

const readString = (rest: string): { token: Token; size: number } => {
  const quote = rest[0]
  let text = ''
  let at = 1
  for (;;) {
    const character = rest[at]
    if (character === undefined || character === '\n') return fail('literal not terminated')
    if (character === quote) return { token: { kind: 'string', text }, size: at + 1 }
    if (character !== '\\') {
      text += character
      at += 1
      continue
    }
    const { value, size } = readEscape(rest.slice(at + 1), quote as string)
    text += value
    at += 1 + size
  }
}

const readEscape = (rest: string, quote: string): { value: string; size: number } => {
  const kind = rest[0] ?? ''
  const plain = kind === quote ? quote : escapes[kind]
  if (plain !== undefined) return { value: plain, size: 1 }
  const size = codeSizes[kind]
  const shape = size === undefined ? /^[0-3][0-7]{2}/ : new RegExp(`^[\\da-fA-F]{${size}}`)
  const found = shape.exec(size === undefined ? rest : rest.slice(1))?.[0]
  const code = found === undefined ? Number.NaN : Number.parseInt(found, size === undefined ? 8 : 16)
  if (!(code <= 0x10_ff_ff)) return fail('invalid char escape')
  return { value: String.fromCodePoint(code), size: size === undefined ? 3 : size + 1 }
}
