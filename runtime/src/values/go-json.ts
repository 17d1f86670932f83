import { plainFloat } from '../json/numbers.ts'
import { escapeHtml, jsonString } from '../json/strings.ts'

/** What Go holds after it parsed JSON: float64 as number, its own integers as bigint, maps without an order. */
export type Value = null | boolean | number | bigint | string | Value[] | Map<string, Value> | Date

/** Text order as Go sorts: by bytes. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

export const sortedKeys = (map: ReadonlyMap<string, unknown>): string[] => [...map.keys()].sort(compareBytes)

type Style = { indent: string; escapesHtml: boolean }

/** Go's `json.Marshal`: sorted keys, characters of HTML escaped, large and small numbers with an exponent. */
export const toGoJson = (value: Value, style: Partial<Style> = {}): string =>
  write(value, { indent: '', escapesHtml: true, ...style }, '\n')

const write = (value: Value, style: Style, line: string): string => {
  if (value === null) return 'null'
  if (typeof value === 'string') return style.escapesHtml ? jsonString(value) : escapeLines(value)
  if (typeof value === 'number') return jsonNumber(value)
  if (value instanceof Date) return `"${value.toISOString().replace(/\.?0*Z$/, 'Z')}"`
  if (typeof value !== 'object') return String(value)
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((one) => write(one, style, line + style.indent))]
    : ['{', '}', membersOf(value, style, line + style.indent)]
  if (style.indent === '' || parts.length === 0) return `${open}${parts.join(',')}${close}`
  return `${open}${line}${style.indent}${parts.join(`,${line}${style.indent}`)}${line}${close}`
}

const membersOf = (map: Map<string, Value>, style: Style, line: string): string[] =>
  sortedKeys(map).map((key) => {
    const name = style.escapesHtml ? jsonString(key) : escapeLines(key)
    return `${name}:${style.indent === '' ? '' : ' '}${write(map.get(key) ?? null, style, line)}`
  })

/** Without HTML escapes the two line separators are still escaped. */
const escapeLines = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(/[\u2028\u2029]/g, (character) => escapeHtml(character))

const jsonNumber = (number: number): string => {
  if (!Number.isFinite(number)) throw new Error(`json: unsupported value: ${plainFloat(number)}`)
  const size = Math.abs(number)
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return plainFloat(number)
  return number.toExponential()
}
