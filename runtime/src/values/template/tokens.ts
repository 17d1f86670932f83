/** A piece of what stands between `{{` and `}}`. */
export type Token =
  | { kind: 'word' | 'variable' | 'field' | 'symbol'; text: string; spaced: boolean }
  | { kind: 'string'; text: string; spaced: boolean }
  | { kind: 'number'; value: number | bigint; spaced: boolean }

export type Piece = { kind: 'text'; text: string } | { kind: 'action'; tokens: Token[] }

/** Cuts a template into text and actions; `{{-` and `-}}` take the white space beside them away. Throws for what Go refuses. */
export const cut = (template: string): Piece[] => {
  const pieces: Piece[] = []
  let at = 0
  let trimsNext = false
  for (;;) {
    const open = template.indexOf('{{', at)
    const raw = template.slice(at, open < 0 ? undefined : open)
    const trimsHere = open >= 0 && /^-\s/.test(template.slice(open + 2, open + 4))
    const text = trimEnds(raw, trimsNext, trimsHere)
    if (text !== '') pieces.push({ kind: 'text', text })
    if (open < 0) return pieces
    const start = open + (trimsHere ? 3 : 2)
    const comment = /^\s*\/\*[^]*?\*\/\s*?(\s-)?\}\}/.exec(template.slice(start))
    if (comment) {
      trimsNext = comment[1] !== undefined
      at = start + comment[0].length
      continue
    }
    const { tokens, end, trims } = tokenize(template, start)
    pieces.push({ kind: 'action', tokens })
    at = end
    trimsNext = trims
  }
}

const trimEnds = (text: string, start: boolean, end: boolean): string => {
  const left = start ? text.replace(/^[ \t\r\n]+/, '') : text
  return end ? left.replace(/[ \t\r\n]+$/, '') : left
}

const patterns: [Token['kind'] | 'space', RegExp][] = [
  ['space', /[ \t\r\n]+/y],
  [
    'number',
    /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y,
  ],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\[^\n]{1,9})'/y],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['symbol', /:=|[.()|,=]/y],
]

const tokenize = (template: string, start: number): { tokens: Token[]; end: number; trims: boolean } => {
  const tokens: Token[] = []
  let at = start
  let spaced = false
  for (;;) {
    const close = /^(?:\s-)?\}\}/.exec(template.slice(at, at + 5))
    if (close) return { tokens, end: at + close[0].length, trims: close[0].length > 2 }
    if (at >= template.length) throw new Error('unclosed action')
    const [kind, text] = next(template, at)
    at += text.length
    if (kind !== 'space') tokens.push(tokenOf(kind, text, spaced))
    spaced = kind === 'space'
  }
}

const next = (template: string, at: number): [Token['kind'] | 'space', string] => {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const found = pattern.exec(template)
    if (found) return [kind, found[0]]
  }
  throw new Error(`unexpected ${JSON.stringify(template[at])} in an action`)
}

const tokenOf = (kind: Token['kind'], text: string, spaced: boolean): Token => {
  if (kind === 'number') return { kind, value: readNumber(text), spaced }
  if (kind !== 'string') return { kind, text, spaced }
  if (text[0] === '`') return { kind, text: text.slice(1, -1), spaced }
  const value = readString(text.slice(1, -1))
  if (text[0] === "'") return { kind: 'number', value: BigInt(value.codePointAt(0) ?? 0), spaced }
  return { kind, text: value, spaced }
}

const readNumber = (text: string): number | bigint => {
  const plain = text.replaceAll('_', '')
  if (/^[+-]?\d+$|^[+-]?0[xXbBoO]/.test(plain)) {
    const sign = plain[0] === '-' ? -1n : 1n
    const digits = plain.replace(/^[+-]/, '').replace(/^0(?=\d)/, '0o')
    return sign * BigInt(digits)
  }
  return Number(plain)
}

const escapes: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

const readString = (text: string): string =>
  text.replaceAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/g,
    (_, x, u, long, octal, one) => {
      const hex = x ?? u ?? long
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      const known = escapes[one as string]
      if (known === undefined) throw new Error(`unknown escape \\${one}`)
      return known
    },
  )
