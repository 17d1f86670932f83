import type { Value } from '../go-json.ts'
import { printValue, shortFloat, typeName } from './print.ts'

type Verb = { flags: string; width: number | undefined; precision: number | undefined; letter: string }

/** Go's `fmt.Sprintf`, with its way of saying what is wrong inside the text. */
export const sprintf = (format: string, values: readonly Value[]): string => {
  let next = 0
  const star = () => Number(values[next++] ?? 0)
  const text = format.replaceAll(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)?/gsu,
    (_, flags: string, width?: string, precision?: string, letter?: string) => {
      if (letter === undefined) return '%!(NOVERB)'
      const verb: Verb = {
        flags,
        letter,
        width: width === '*' ? star() : width === undefined ? undefined : Number(width),
        precision: precision === '*' ? star() : precision === undefined ? undefined : Number(precision),
      }
      if (letter === '%') return '%'
      if (next >= values.length) return `%!${letter}(MISSING)`
      return pad(one(values[next++] ?? null, verb), verb)
    },
  )
  const extra = values.slice(next).map((value) => `${typeName(value)}=${printValue(value)}`)
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`
}

const pad = (text: string, { flags, width = 0, letter }: Verb): string => {
  const missing = width - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (!flags.includes('0') || 'vT'.includes(letter)) return ' '.repeat(missing) + text
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  return sign + '0'.repeat(missing) + digits
}

const one = (value: Value, verb: Verb): string => {
  const { letter } = verb
  if (letter === 'v') return printValue(value)
  if (letter === 'T') return typeName(value)
  if (letter === 't' && typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map((inner) => one(inner, verb)).join(' ')}]`
  if (typeof value === 'bigint') return integer(value, verb)
  if (typeof value === 'number') return float(value, verb)
  if (typeof value === 'string') return string(value, verb)
  if (letter === 's' && (value instanceof Map || value instanceof Date)) return printValue(value)
  return wrong(value, letter)
}

const wrong = (value: Value, letter: string): string =>
  value === null ? `%!${letter}(<nil>)` : `%!${letter}(${typeName(value)}=${printValue(value)})`

const signed = (text: string, flags: string): string => {
  if (text.startsWith('-') || text.startsWith('+')) return text
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text
}

const bases: Record<string, { radix: number; prefix: string }> = {
  d: { radix: 10, prefix: '' },
  x: { radix: 16, prefix: '0x' },
  X: { radix: 16, prefix: '0X' },
  o: { radix: 8, prefix: '0' },
  b: { radix: 2, prefix: '0b' },
}

const integer = (value: bigint, { letter, flags }: Verb): string => {
  const base = bases[letter]
  if (base !== undefined) {
    const sign = value < 0n ? '-' : ''
    const digits = (value < 0n ? -value : value).toString(base.radix)
    const text = `${sign}${flags.includes('#') ? base.prefix : ''}${letter === 'X' ? digits.toUpperCase() : digits}`
    return signed(text, flags)
  }
  if (letter === 'c') return String.fromCodePoint(Number(value))
  if (letter === 'q') return `'${String.fromCodePoint(Number(value))}'`
  if (letter === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
  return wrong(value, letter)
}

const defaultPrecision = 6

const float = (value: number, { letter, flags, precision }: Verb): string => {
  switch (letter) {
    case 'f':
    case 'F':
      return signed(Number.isFinite(value) ? fixed(value, precision ?? defaultPrecision) : shortFloat(value), flags)
    case 'e':
    case 'E': {
      const text = goExponent(value.toExponential(precision ?? defaultPrecision))
      return signed(letter === 'E' ? text.toUpperCase() : text, flags)
    }
    case 'g':
    case 'G': {
      const text = precision === undefined ? shortFloat(value) : general(value, precision || 1)
      return signed(letter === 'G' ? text.toUpperCase() : text, flags)
    }
    default:
      return wrong(value, letter)
  }
}

const goExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2')

/** The exact decimal of a float64, rounded half to even at the last digit shown, as Go does. */
const fixed = (value: number, precision: number): string => {
  const { digits, binaryExponent } = exact(Math.abs(value))
  const scaled = digits * 10n ** BigInt(precision)
  const rounded = binaryExponent >= 0 ? scaled << BigInt(binaryExponent) : halve(scaled, BigInt(-binaryExponent))
  const text = rounded.toString().padStart(precision + 1, '0')
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return precision === 0 ? sign + text : `${sign}${text.slice(0, -precision)}.${text.slice(-precision)}`
}

/** The float64 is `digits` times two to the power of `binaryExponent`, exactly. */
const exact = (value: number): { digits: bigint; binaryExponent: number } => {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const all = bits.getBigUint64(0)
  const exponent = Number(all >> 52n)
  const fraction = all & 0xf_ffff_ffff_ffffn
  if (exponent === 0) return { digits: fraction, binaryExponent: -1_074 }
  return { digits: fraction | (1n << 52n), binaryExponent: exponent - 1_075 }
}

const halve = (value: bigint, times: bigint): bigint => {
  const [quotient, rest] = [value >> times, value & ((1n << times) - 1n)]
  const half = 1n << (times - 1n)
  return rest > half || (rest === half && quotient % 2n === 1n) ? quotient + 1n : quotient
}

const general = (value: number, precision: number): string => {
  const exponent = value === 0 ? 0 : Number(value.toExponential(precision - 1).split('e')[1])
  if (exponent < -4 || exponent >= precision)
    return goExponent(value.toExponential(precision - 1).replace(/\.?0+e/, 'e'))
  return value
    .toPrecision(precision)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

const string = (value: string, { letter, flags, precision }: Verb): string => {
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('')
  switch (letter) {
    case 's':
      return cut
    case 'q':
      return flags.includes('#') && !cut.includes('`') ? `\`${cut}\`` : goQuoted(cut)
    case 'x':
    case 'X': {
      const hex = Buffer.from(value).toString('hex')
      return letter === 'X' ? hex.toUpperCase() : hex
    }
    default:
      return wrong(value, letter)
  }
}

const shortEscapes: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** A text as Go's `%q` writes it: characters that cannot be printed as escapes. */
export const goQuoted = (text: string): string => {
  const inner = text.replaceAll(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const short = shortEscapes[character]
    if (short !== undefined) return short
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${inner}"`
}
