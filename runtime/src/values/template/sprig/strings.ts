import type { Value } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'
import { printValue } from '../print.ts'
import { goQuoted, sprintf } from '../printf.ts'
import { camelCase, joinWords } from './words.ts'

const repeatMaxCharacters = 1_048_576

/** Go cuts texts by bytes; half a character becomes the replacement character. */
const bytes = (text: string): Buffer => Buffer.from(text.toWellFormed())

const cutBytes = (text: string, start: number, end?: number): string => {
  const all = bytes(text)
  const last = end ?? all.length
  if (start < 0 || last > all.length || start > last) throw new Error('slice bounds out of range')
  return all.subarray(start, last).toString('utf8')
}

const trunc = (count: number, text: string): string => {
  const size = bytes(text).length
  if (count < 0 && size + count > 0) return cutBytes(text, size + count)
  return count >= 0 && size > count ? cutBytes(text, 0, count) : text
}

const substr = (start: number, end: number, text: string): string => {
  if (start < 0) return cutBytes(text, 0, end)
  return cutBytes(text, start, end < 0 || end > bytes(text).length ? undefined : end)
}

const abbreviate = (text: string, offset: number, width: number): string => {
  const size = bytes(text).length
  if (size <= width) return text
  const from = Math.min(offset, size)
  const start = size - from < width - 3 ? size - (width - 3) : from
  if (start <= 4) return `${cutBytes(text, 0, width - 3)}...`
  if (start + width - 3 < size) return `...${abbreviate(cutBytes(text, start), 0, width - 3)}`
  return `...${cutBytes(text, size - (width - 3))}`
}

/** Go's library walks over bytes here and writes each as a character. */
const noSpace = (text: string): string => {
  const all = [...bytes(text)]
  const kept = all.filter((byte) => !(byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0x85 || byte === 0xa0))
  return kept.length === all.length ? text : String.fromCharCode(...kept)
}

const title = (text: string): string =>
  text.replaceAll(/(^|[^\p{L}\p{N}_])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())

/** A change to the first letter of every word. */
const firstLetters = (text: string, change: (letter: string) => string): string =>
  text.replaceAll(/(^|\s)(\S)/gu, (_, before: string, letter: string) => before + change(letter))

const swapCase = (text: string): string =>
  [...text].map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join('')

const trimAny = (cutset: string, text: string): string => {
  const drop = new Set(cutset)
  const all = [...text]
  let [start, end] = [0, all.length]
  while (start < end && drop.has(all[start] as string)) start += 1
  while (end > start && drop.has(all[end - 1] as string)) end -= 1
  return all.slice(start, end).join('')
}

const indent = (spaces: number, text: string): string => {
  const pad = ' '.repeat(spaces)
  return pad + text.replaceAll('\n', `\n${pad}`)
}

/** Breaks lines at spaces before `width` bytes; longer words stay whole unless `breaksWords`. */
const wrap = (text: string, width: number, line: string, breaksWords: boolean): string => {
  const all = bytes(text).toString('latin1')
  const room = Math.max(1, width)
  const lines: string[] = []
  let at = 0
  while (all.length - at > room) {
    if (all[at] === ' ') {
      at += 1
      continue
    }
    const space = all.slice(at, at + room + 1).lastIndexOf(' ')
    const later = all.indexOf(' ', at + room)
    const end = space >= 0 ? at + space : breaksWords ? at + room : later
    if (end < 0) break
    lines.push(all.slice(at, end))
    at = end + (space < 0 && breaksWords ? 0 : 1)
  }
  return Buffer.from([...lines, all.slice(at)].join(line), 'latin1').toString('utf8')
}

const repeat = (count: number, text: string): string => {
  if (count < 0) throw new Error('strings: negative Repeat count')
  if (count * text.length > repeatMaxCharacters)
    throw new Error(`repeat makes more than ${repeatMaxCharacters} characters`)
  return text.repeat(count)
}

const present = (values: readonly Value[]): Value[] => values.filter((value) => value !== null)

const parts = (list: readonly string[]): Value => new Map(list.map((part, at) => [`_${at}`, part] as [string, Value]))

const splitN = (separator: string, count: number, text: string): string[] => {
  if (count === 0) return []
  const all = splitText(separator, text)
  if (count < 0 || all.length <= count) return all
  return [...all.slice(0, count - 1), all.slice(count - 1).join(separator)]
}

const splitText = (separator: string, text: string): string[] => (separator === '' ? [...text] : text.split(separator))

/** A list as texts, without what is nil; any other value is a list of one. */
const texts = (value: Value): string[] => {
  if (Array.isArray(value)) return present(value).map(printValue)
  return value === null ? [] : [printValue(value)]
}

const n = Number

export const stringFunctions: Functions = {
  hello: takes('', () => 'Hello!'),
  abbrev: takes('is', (width: bigint, text: string) => (width < 4n ? text : abbreviate(text, 0, n(width)))),
  abbrevboth: takes('iis', (left: bigint, right: bigint, text: string) =>
    right < 4n || (left > 0n && right < 7n) ? text : abbreviate(text, n(left), n(right)),
  ),
  trunc: takes('is', (count: bigint, text: string) => trunc(n(count), text)),
  trim: takes('s', (text: string) => text.trim()),
  upper: takes('s', (text: string) => text.toUpperCase()),
  lower: takes('s', (text: string) => text.toLowerCase()),
  title: takes('s', title),
  untitle: takes('s', (text: string) => firstLetters(text, (letter) => letter.toLowerCase())),
  substr: takes('iis', (start: bigint, end: bigint, text: string) => substr(n(start), n(end), text)),
  repeat: takes('is', (count: bigint, text: string) => repeat(n(count), text)),
  trimall: takes('ss', trimAny),
  trimAll: takes('ss', trimAny),
  trimSuffix: takes('ss', (end: string, text: string) =>
    end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text,
  ),
  trimPrefix: takes('ss', (start: string, text: string) => (text.startsWith(start) ? text.slice(start.length) : text)),
  nospace: takes('s', noSpace),
  initials: takes('s', (text: string) =>
    text
      .split(/\s+/)
      .map((word) => [...word][0] ?? '')
      .join(''),
  ),
  swapcase: takes('s', swapCase),
  snakecase: takes('s', (text: string) => joinWords(text, '_')),
  kebabcase: takes('s', (text: string) => joinWords(text, '-')),
  camelcase: takes('s', camelCase),
  wrap: takes('is', (width: bigint, text: string) => wrap(text, n(width), '\n', false)),
  wrapWith: takes('iss', (width: bigint, line: string, text: string) => wrap(text, n(width), line || '\n', true)),
  contains: takes('ss', (part: string, text: string) => text.includes(part)),
  hasPrefix: takes('ss', (start: string, text: string) => text.startsWith(start)),
  hasSuffix: takes('ss', (end: string, text: string) => text.endsWith(end)),
  quote: takes('a*', (...values: Value[]) =>
    present(values)
      .map((value) => goQuoted(printValue(value)))
      .join(' '),
  ),
  squote: takes('a*', (...values: Value[]) =>
    present(values)
      .map((value) => `'${printValue(value)}'`)
      .join(' '),
  ),
  cat: takes('a*', (...values: Value[]) => {
    const given = present(values)
    return sprintf(given.map(() => '%v').join(' '), given)
  }),
  indent: takes('is', (spaces: bigint, text: string) => indent(n(spaces), text)),
  nindent: takes('is', (spaces: bigint, text: string) => `\n${indent(n(spaces), text)}`),
  replace: takes('sss', (old: string, by: string, text: string) => text.replaceAll(old, () => by)),
  plural: takes('ssi', (one: string, many: string, count: bigint) => (count === 1n ? one : many)),
  toString: takes('a', printValue),
  toStrings: takes('a', texts),
  join: takes('sa', (separator: string, list: Value) => texts(list).join(separator)),
  sortAlpha: takes('a', (list: Value) => texts(list).sort((a, b) => Buffer.compare(bytes(a), bytes(b)))),
  split: takes('ss', (separator: string, text: string) => parts(splitText(separator, text))),
  splitn: takes('sis', (separator: string, count: bigint, text: string) => parts(splitN(separator, n(count), text))),
  splitList: takes('ss', splitText),
}
