import { AppError } from '@bookinfo/errors'

export type Token =
  | { kind: 'number'; text: string }
  | { kind: 'text'; parts: (string | Token[])[] }
  | { kind: 'name' | 'field' | 'variable' | 'format' | 'operator' | 'end'; text: string }

const operator = /^(\?\/\/=?|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[|,.[\](){}:;=<>+\-*/%?$])/
const number = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/
const name = /^[A-Za-z_]\w*(::[A-Za-z_]\w*)*/
const field = /^\.[A-Za-z_]\w*/
const variable = /^\$(__loc__|[A-Za-z_]\w*)/
const format = /^@[A-Za-z]\w*/
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\', '/': '/' }

export const fail = (why: string): never => {
  throw new AppError('invalid', `jq: ${why}`)
}

/** Splits a jq program; a text with `\(…)` in it holds the tokens of what stands there. */
export const tokenize = (program: string): Token[] => readTokens(program, 0, false).tokens

const readTokens = (program: string, start: number, isInside: boolean): { tokens: Token[]; at: number } => {
  const tokens: Token[] = []
  let at = start
  let depth = 0
  for (;;) {
    const rest = program.slice(at)
    const space = /^(\s+|#[^\n]*)/.exec(rest)
    if (space) {
      at += space[0].length
      continue
    }
    if (rest === '') {
      if (isInside) fail('unexpected end in a string')
      tokens.push({ kind: 'end', text: 'the end' })
      return { tokens, at }
    }
    if (isInside && rest[0] === ')' && depth === 0) {
      tokens.push({ kind: 'end', text: ')' })
      return { tokens, at: at + 1 }
    }
    if (rest[0] === '(') depth += 1
    if (rest[0] === ')') depth -= 1
    if (rest[0] === '"') {
      const text = readText(program, at + 1)
      tokens.push({ kind: 'text', parts: text.parts })
      at = text.at
      continue
    }
    const token = simple(rest)
    tokens.push(token)
    at += token.text.length
    if (token.kind === 'field' || token.kind === 'variable') token.text = token.text.slice(1)
  }
}

type Simple = Exclude<Token, { parts: unknown }>

const simple = (rest: string): Simple => {
  for (const [kind, shape] of [
    ['number', number],
    ['field', field],
    ['variable', variable],
    ['format', format],
    ['name', name],
    ['operator', operator],
  ] as const) {
    const text = shape.exec(rest)?.[0]
    if (text !== undefined) return { kind, text }
  }
  return fail(`unexpected ${JSON.stringify(rest.slice(0, 10))}`)
}

const readText = (program: string, start: number): { parts: (string | Token[])[]; at: number } => {
  const parts: (string | Token[])[] = []
  let text = ''
  let at = start
  while (program[at] !== '"') {
    const character = program[at]
    if (character === undefined) return fail('a string is not closed')
    if (character !== '\\') {
      text += character
      at += 1
      continue
    }
    const escaped = program[at + 1] ?? ''
    if (escaped === '(') {
      const inner = readTokens(program, at + 2, true)
      parts.push(text, inner.tokens)
      text = ''
      at = inner.at
    } else if (escaped === 'u') {
      const code = /^[\da-fA-F]{4}/.exec(program.slice(at + 2))?.[0]
      if (code === undefined) return fail('invalid escape in a string')
      text += String.fromCharCode(Number.parseInt(code, 16))
      at += 6
    } else {
      text += escapes[escaped] ?? fail('invalid escape in a string')
      at += 2
    }
  }
  parts.push(text.toWellFormed())
  return { parts, at: at + 1 }
}
