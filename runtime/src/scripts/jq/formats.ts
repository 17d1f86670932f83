import { fail } from './lexer.ts'
import { encode } from './encode.ts'
import { isNumber, type Json, typeName } from './values.ts'

const text = (value: Json): string => (typeof value === 'string' ? value : encode(value))

const htmlEscapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' }

const row = (value: Json, separator: string, quote: (text: string) => string): string => {
  if (!Array.isArray(value)) return fail(`${typeName(value)} is no row`)
  return value
    .map((cell) => {
      if (cell === null) return ''
      if (typeof cell === 'boolean' || isNumber(cell)) return encode(cell)
      return typeof cell === 'string' ? quote(cell) : fail(`${typeName(cell)} is no cell of a row`)
    })
    .join(separator)
}

const tsvEscapes: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' }

const shell = (value: Json): string => {
  if (Array.isArray(value)) return value.map(shell).join(' ')
  if (typeof value === 'object' && value !== null) return fail('an object is no word of a shell')
  return typeof value === 'string' ? `'${value.replaceAll("'", `'\\''`)}'` : encode(value)
}

const uri = (given: string): string =>
  encodeURIComponent(given.toWellFormed()).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const base32 = (given: string): string => {
  const bits = [...Buffer.from(given)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = (bits.match(/.{1,5}/g) ?? []).map((five) => base32Letters[Number.parseInt(five.padEnd(5, '0'), 2)])
  return letters.join('').padEnd(Math.ceil(letters.length / 8) * 8, '=')
}

const base32Decoded = (given: string): string => {
  const bits = [...given.replace(/=+$/, '')].map((letter) => base32Letters.indexOf(letter).toString(2).padStart(5, '0'))
  const bytes = bits.join('').match(/[01]{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('utf8')
}

/** The formats of jq: what `@name` makes of a value. */
export const formats: Record<string, (value: Json) => string> = {
  '@text': text,
  '@json': encode,
  '@html': (value) => text(value).replace(/[<>&'"]/g, (one) => htmlEscapes[one] as string),
  '@uri': (value) => uri(text(value)),
  '@urid': (value) => decodeURIComponent(text(value)),
  '@csv': (value) => row(value, ',', (cell) => `"${cell.replaceAll('"', '""')}"`),
  '@tsv': (value) => row(value, '\t', (cell) => cell.replace(/[\t\n\r\\]/g, (one) => tsvEscapes[one] as string)),
  '@sh': shell,
  '@base64': (value) => Buffer.from(text(value)).toString('base64'),
  '@base64d': (value) => Buffer.from(text(value), 'base64').toString('utf8'),
  '@base32': (value) => base32(text(value)),
  '@base32d': (value) => base32Decoded(text(value)),
}
