import { AppError } from '@bookinfo/errors'
import { parseGovaluateTime } from './govaluate-time.ts'

export type Kind =
  | 'start'
  | 'prefix'
  | 'number'
  | 'boolean'
  | 'string'
  | 'time'
  | 'variable'
  | 'accessor'
  | 'separator'
  | 'comparator'
  | 'logical'
  | 'modifier'
  | 'clause'
  | 'clauseEnd'
  | 'ternary'

export type Token = { kind: Kind; text: string; value?: number | boolean }

const values: Kind[] = ['number', 'boolean', 'variable', 'accessor', 'string', 'time', 'clause']
const operators: Kind[] = ['modifier', 'comparator', 'logical', 'clauseEnd', 'ternary', 'separator']
const after: Record<Kind, readonly Kind[]> = {
  start: ['prefix', ...values],
  clause: ['prefix', ...values, 'clauseEnd'],
  clauseEnd: [...operators, 'number', 'boolean', 'variable', 'string', 'time', 'clause'],
  number: operators,
  boolean: operators,
  string: operators,
  time: operators.filter((kind) => kind !== 'ternary'),
  variable: operators,
  accessor: [...operators, 'clause'],
  modifier: ['prefix', 'number', 'variable', 'accessor', 'string', 'boolean', 'clause', 'clauseEnd'],
  comparator: ['prefix', ...values, 'clauseEnd'],
  logical: ['prefix', ...values, 'clauseEnd'],
  prefix: ['number', 'boolean', 'variable', 'accessor', 'clause', 'clauseEnd'],
  ternary: ['prefix', ...values, 'separator'],
  separator: ['prefix', ...values],
}
const mayEnd = new Set<Kind>(['clauseEnd', 'number', 'boolean', 'string', 'time', 'variable', 'accessor'])

const symbols: [Kind, readonly string[]][] = [
  ['modifier', ['+', '-', '*', '/', '%', '**', '&', '|', '^', '>>', '<<']],
  ['logical', ['&&', '||']],
  ['comparator', ['==', '!=', '>', '>=', '<', '<=', '=~', '!~']],
  ['ternary', ['?', ':', '??']],
]

const isDigit = (character: string) => /\p{Nd}/u.test(character)
const isLetter = (character: string) => /\p{L}/u.test(character)
const isSpace = (character: string) => /\s/u.test(character)
const isNumeric = (character: string) => isDigit(character) || character === '.'
const isName = (character: string) => isLetter(character) || isNumeric(character) || character === '_'
const isQuote = (character: string) => character === "'" || character === '"'
const isSymbol = (character: string) => !isDigit(character) && !isLetter(character) && !/[()[\]'"]/.test(character)

const fail = (why: string): never => {
  throw new AppError('invalid', why)
}

/** Splits an expression of govaluate, with its ways: operators that touch are one symbol, `\` makes any character part of a name. */
export const tokenize = (expression: string): Token[] => {
  const characters = [...expression]
  const tokens: Token[] = []
  let at = 0

  const readWhile = (condition: (character: string) => boolean): string => {
    let text = ''
    while (at < characters.length) {
      const character = characters[at] as string
      if (character === '\\') {
        text += characters[at + 1] ?? ''
        at += 2
        continue
      }
      if (isSpace(character) && text !== '') break
      if (!isSpace(character) && !condition(character)) break
      if (!isSpace(character)) text += character
      at += 1
    }
    return text
  }
  const readUntil = (isEnd: (character: string) => boolean, what: string): string => {
    let text = ''
    at += 1
    while (at < characters.length) {
      const character = characters[at] as string
      if (isEnd(character)) {
        at += 1
        return text
      }
      if (character === '\\') at += 1
      text += characters[at] ?? ''
      at += 1
    }
    return fail(`Unclosed ${what}`)
  }
  const next = (previous: Kind): Token | undefined => {
    while (at < characters.length && isSpace(characters[at] as string)) at += 1
    const first = characters[at]
    if (first === undefined) return undefined
    if (isNumeric(first)) return readNumber()
    if (first === ',') return single('separator')
    if (first === '[')
      return { kind: 'variable', text: readUntil((character) => character === ']', 'parameter bracket') }
    if (isLetter(first)) return nameToken(readWhile(isName))
    if (isQuote(first)) {
      const text = readUntil(isQuote, 'string literal')
      const time = parseGovaluateTime(text)
      return time === undefined ? { kind: 'string', text } : { kind: 'time', text, value: time }
    }
    if (first === '(') return single('clause')
    if (first === ')') return single('clauseEnd')
    const text = readWhile(isSymbol)
    if (after[previous].includes('prefix') && ['-', '!', '~'].includes(text)) return { kind: 'prefix', text }
    const kind = symbols.find(([, names]) => names.includes(text))?.[0]
    return kind ? { kind, text } : fail(`Invalid token: '${text}'`)
  }
  const single = (kind: Kind): Token => ({ kind, text: characters[at++] as string })
  const readNumber = (): Token => {
    if (characters[at] === '0' && characters[at + 1] === 'x' && at + 2 < characters.length) {
      at += 2
      const text = readWhile((character) => /[\da-f]/i.test(character))
      if (!/^[\da-f]{1,16}$/i.test(text)) fail(`Unable to parse hex value '${text}' to uint64`)
      return { kind: 'number', text, value: Number(`0x${text}`) }
    }
    const text = readWhile(isNumeric)
    if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) fail(`Unable to parse numeric value '${text}' to float64`)
    return { kind: 'number', text, value: Number(text) }
  }

  for (;;) {
    const previous = tokens.at(-1)
    const token = next(previous?.kind ?? 'start')
    if (token === undefined) break
    tokens.push(token)
  }
  checkOrder(tokens)
  return tokens
}

const nameToken = (text: string): Token => {
  if (text === 'true' || text === 'false') return { kind: 'boolean', text, value: text === 'true' }
  if (text === 'in' || text === 'IN') return { kind: 'comparator', text: 'in' }
  if (!text.includes('.')) return { kind: 'variable', text }
  if (text.endsWith('.')) fail(`Hanging accessor on token '${text}'`)
  const hidden = text.split('.').find((part, index) => index > 0 && part.charAt(0).toUpperCase() !== part.charAt(0))
  if (hidden !== undefined) fail(`Unable to access unexported field '${hidden}' in token '${text}'`)
  return { kind: 'accessor', text }
}

const checkOrder = (tokens: readonly Token[]): void => {
  const depth = tokens.reduce((sum, { kind }) => sum + (kind === 'clause' ? 1 : kind === 'clauseEnd' ? -1 : 0), 0)
  if (depth !== 0) fail('Unbalanced parenthesis')
  let last: Token = { kind: 'start', text: '' }
  for (const token of tokens) {
    if (!after[last.kind].includes(token.kind)) {
      if (last.kind === 'variable' && token.kind === 'clause') fail(`Undefined function ${last.text}`)
      fail(`Cannot transition token types from ${last.kind} [${last.text}] to ${token.kind} [${token.text}]`)
    }
    last = token
  }
  if (!mayEnd.has(last.kind)) fail('Unexpected end of expression')
}
