import { elements, members, skipSpace, skipString, unescape } from './scan.ts'

type Options = { width?: number; prefix?: string; indent?: string; sortKeys?: boolean }
type Style = Required<Options>

const defaultWidthBytes = 80

/** JSON without white space between its tokens. */
export const ugly = (json: string): string => {
  let result = ''
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at] as string
    if (character === '"') {
      const end = skipString(json, at)
      result += json.slice(at, end)
      at = end - 1
    } else if (character > ' ') result += character
  }
  return result
}

/** JSON on lines with indentation; an array without objects that fits into the width stays on one line. */
export const pretty = (json: string, { width, prefix, indent, sortKeys }: Options = {}): string => {
  const style: Style = {
    width: width ?? defaultWidthBytes,
    prefix: prefix ?? '',
    indent: indent ?? '  ',
    sortKeys: sortKeys ?? false,
  }
  const text = style.prefix + write(json.slice(skipSpace(json, 0)).trimEnd(), style, 0, Buffer.byteLength(style.prefix))
  return text === '' ? '' : `${text}\n`
}

/** Writes a value whose line holds `used` bytes already. */
const write = (raw: string, style: Style, depth: number, used: number): string => {
  if (raw[0] === '{') return writeObject(raw, style, depth)
  return raw[0] === '[' ? writeArray(raw, style, depth, used) : raw
}

const newLine = ({ prefix, indent }: Style, depth: number): string => `\n${prefix}${indent.repeat(depth)}`

const writeObject = (raw: string, style: Style, depth: number): string => {
  const all = [...members(raw)]
  if (all.length === 0) return '{}'
  if (style.sortKeys) all.sort(compareMembers)
  const start = newLine(style, depth + 1)
  const lines = all.map(({ key, value }) => {
    const head = `${key}: `
    return `${start}${head}${write(value, style, depth + 1, Buffer.byteLength(start + head) - 1)}`
  })
  return `{${lines.join(',')}${newLine(style, depth)}}`
}

const compareMembers = (a: { key: string; value: string }, b: { key: string; value: string }): number =>
  Buffer.compare(Buffer.from(unescape(a.key)), Buffer.from(unescape(b.key)))

const writeArray = (raw: string, style: Style, depth: number, used: number): string => {
  const all = [...elements(raw)].map(({ start, end }) => raw.slice(start, end))
  if (all.length === 0) return '[]'
  const roomBytes = style.width - used
  if (style.width > 0 && roomBytes > 3) {
    const line = oneLine(raw)
    if (line !== undefined && Buffer.byteLength(line) <= roomBytes) return line
  }
  const start = newLine(style, depth + 1)
  const lines = all.map((value) => start + write(value, style, depth + 1, Buffer.byteLength(start) - 1))
  return `[${lines.join(',')}${newLine(style, depth)}]`
}

/** An array on one line; undefined when there is an object in it. */
const oneLine = (raw: string): string | undefined => {
  const parts: string[] = []
  for (const { start, end } of elements(raw)) {
    const value = raw.slice(start, end)
    const part = value[0] === '{' ? undefined : value[0] === '[' ? oneLine(value) : value
    if (part === undefined) return undefined
    parts.push(part)
  }
  return `[${parts.join(', ')}]`
}
