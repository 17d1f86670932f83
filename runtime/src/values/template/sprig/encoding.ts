import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { toGoJson, type Value } from '../../go-json.ts'
import { parseValue } from '../../json-value.ts'
import { type Functions, takes } from '../functions.ts'

const quietly = <T>(work: () => T, otherwise: T): T => {
  try {
    return work()
  } catch {
    return otherwise
  }
}

const hash = (algorithm: string) => takes('s', (text: string) => createHash(algorithm).update(text).digest('hex'))

const adler32 = (text: string): string => {
  let [a, b] = [1, 0]
  for (const byte of Buffer.from(text)) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return String(b * 65_536 + a)
}

/** Go answers a wrong text with the error's words. */
const base64 = (text: string): string => {
  const clean = text.replaceAll(/[\r\n]/g, '')
  const wrong = /[^A-Za-z\d+/]/.exec(clean.replace(/={1,2}$/, ''))
  if (wrong || clean.length % 4 !== 0)
    return `illegal base64 data at input byte ${wrong?.index ?? clean.length - (clean.length % 4)}`
  return Buffer.from(clean, 'base64').toString('utf8')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const toBase32 = (text: string): string => {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const symbols = (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)])
  return symbols.join('').padEnd(Math.ceil(symbols.length / 8) * 8, '=')
}

const fromBase32 = (text: string): string => {
  const clean = text.replaceAll(/[\r\n]/g, '').replace(/=*$/, '')
  const wrong = /[^A-Z2-7]/.exec(clean)
  if (wrong) return `illegal base32 data at input byte ${wrong.index}`
  const bits = [...clean].map((symbol) => alphabet.indexOf(symbol).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString('utf8')
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const digits = '0123456789'
const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')
const randomMaxCharacters = 10_000

const random = (from: string) =>
  takes('i', (count: bigint) => {
    if (count < 0n || count > BigInt(randomMaxCharacters))
      throw new Error(`a random text has at most ${randomMaxCharacters} characters`)
    return Array.from({ length: Number(count) }, () => from[randomInt(from.length)]).join('')
  })

const raw = (value: Value): string => toGoJson(value, { escapesHtml: false })
const pretty = (value: Value): string => toGoJson(value, { indent: '  ' })

export const encodingFunctions: Functions = {
  toJson: takes('a', (value: Value) => quietly(() => toGoJson(value), '')),
  toPrettyJson: takes('a', (value: Value) => quietly(() => pretty(value), '')),
  toRawJson: takes('a', raw),
  fromJson: takes('s', (text: string) => quietly(() => parseValue(text), null)),
  mustToJson: takes('a', (value: Value) => toGoJson(value)),
  mustToPrettyJson: takes('a', pretty),
  mustToRawJson: takes('a', raw),
  mustFromJson: takes('s', parseValue),
  b64enc: takes('s', (text: string) => Buffer.from(text).toString('base64')),
  b64dec: takes('s', base64),
  b32enc: takes('s', toBase32),
  b32dec: takes('s', fromBase32),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
  adler32sum: takes('s', adler32),
  uuidv4: takes('', () => randomUUID()),
  randAlphaNum: random(letters + digits),
  randAlpha: random(letters),
  randNumeric: random(digits),
  randAscii: random(ascii),
  randInt: takes('ii', (min: bigint, max: bigint) => BigInt(randomInt(Number(min), Number(max)))),
  randBytes: takes('i', (count: bigint) =>
    randomBytes(Math.min(Number(count), randomMaxCharacters)).toString('base64'),
  ),
}
