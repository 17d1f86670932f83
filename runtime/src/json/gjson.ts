import { AppError } from '@bookinfo/errors'
import { parsePath, type Step } from './path.ts'
import { elements, members, skipSpace, skipValue, unescape } from './scan.ts'

/** What a path found: the exact text in the document, and that value as text. */
export type Result =
  | { exists: false; kind: 'missing'; raw: ''; text: '' }
  | { exists: true; kind: 'null' | 'false' | 'true' | 'number' | 'string' | 'json'; raw: string; text: string }

const missing: Result = { exists: false, kind: 'missing', raw: '', text: '' }

const compiled = new Map<string, Step[]>()
const compiledMax = 2_000

/** Whether this runtime understands the path; used when manifests are read, so that nothing fails later. */
export const isSupportedPath = (path: string): boolean => parsePath(path) !== undefined

/**
 * Looks a value up in JSON text without parsing the rest (gjson's path syntax: dots, escapes, indexes, `#`, wildcards). Number text, key
 * order and repeated keys stay as they are; the first of equal keys wins.
 */
export const get = (text: string, path: string): Result => {
  let steps = compiled.get(path)
  if (steps === undefined) {
    steps = parsePath(path)
    if (steps === undefined) throw new AppError('invalid', `path "${path}" uses syntax that this runtime does not have`)
    if (compiled.size < compiledMax) compiled.set(path, steps)
  }
  return find(text, skipSpace(text, 0), steps, 0)
}

const find = (text: string, at: number, steps: readonly Step[], index: number): Result => {
  const step = steps[index]
  if (step === undefined) return resultAt(text, at)
  if (text[at] === '{') {
    for (const { key, value } of members(text, at)) {
      if (step.matches(key)) return find(text, value.start, steps, index + 1)
    }
    return missing
  }
  if (text[at] !== '[') return missing
  if (step.name === '#') return findAll(text, at, steps, index + 1)
  if (!/^\d+$/.test(step.name)) return missing
  let position = Number(step.name)
  for (const { start } of elements(text, at)) {
    if (position === 0) return find(text, start, steps, index + 1)
    position -= 1
  }
  return missing
}

/** `#` at the end counts; `#.rest` collects the rest of every element. */
const findAll = (text: string, at: number, steps: readonly Step[], index: number): Result => {
  const all = [...elements(text, at)]
  if (index === steps.length) return { exists: true, kind: 'number', raw: String(all.length), text: String(all.length) }
  const found = all.map(({ start }) => find(text, start, steps, index)).filter(({ exists }) => exists)
  const raw = `[${found.map((one) => one.raw).join(',')}]`
  return { exists: true, kind: 'json', raw, text: raw }
}

const resultAt = (text: string, start: number): Result => {
  const end = skipValue(text, start)
  const raw = text.slice(start, end)
  switch (raw[0]) {
    case undefined:
      return missing
    case '"':
      return { exists: true, kind: 'string', raw, text: unescape(raw) }
    case '{':
    case '[':
      return { exists: true, kind: 'json', raw, text: raw }
    case 't':
      return { exists: true, kind: 'true', raw, text: 'true' }
    case 'f':
      return { exists: true, kind: 'false', raw, text: 'false' }
    case 'n':
      return { exists: true, kind: 'null', raw, text: '' }
    default:
      return { exists: true, kind: 'number', raw, text: numberText(raw) }
  }
}

/** Plain digits stay as they are, other numbers are written as Go writes a float64 in its shortest plain form. */
const numberText = (raw: string): string => {
  if (/^-?\d+$/.test(raw)) return raw
  const number = Number(raw)
  if (!Number.isFinite(number)) return raw
  return plain(number)
}

const plain = (number: number): string => {
  const text = String(number)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', lead = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  const digits = `${lead}${fraction}`
  if (shift >= 0) return `${sign}${digits.padEnd(shift + 1, '0')}`
  return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`
}
