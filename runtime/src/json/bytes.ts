import { isUtf8 } from 'node:buffer'
import { jsonString } from './strings.ts'

const characterMaxBytes = 4

/** Bytes as a JSON string, as Go's encoder writes them: each byte that belongs to no character becomes `\ufffd`. */
const jsonBytes = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return jsonString(bytes.toString('utf8'))
  let result = ''
  for (let at = 0; at < bytes.length; ) {
    const size = characterBytes(bytes, at)
    result += size === 0 ? '\\ufffd' : jsonString(bytes.toString('utf8', at, at + size)).slice(1, -1)
    at += size || 1
  }
  return `"${result}"`
}

/** How many bytes the character that starts here has; 0 when none does. */
const characterBytes = (bytes: Buffer, at: number): number => {
  for (let size = 1; size <= characterMaxBytes && at + size <= bytes.length; size += 1)
    if (isUtf8(bytes.subarray(at, at + size))) return size
  return 0
}

/** Names with their values as a JSON object, the names sorted by bytes. */
export const jsonOfLists = (lists: ReadonlyMap<string, readonly string[]>): string => {
  const names = [...lists.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const members = names.map((name) => `${jsonLatin1(name)}:[${(lists.get(name) ?? []).map(jsonLatin1).join(',')}]`)
  return `{${members.join(',')}}`
}

/** A text whose characters stand for bytes, as HTTP headers come. */
const jsonLatin1 = (text: string): string =>
  /^[\0-\x7f]*$/.test(text) ? jsonString(text) : jsonBytes(Buffer.from(text, 'latin1'))
