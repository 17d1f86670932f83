import { AppError } from '@bookinfo/errors'
import { get } from './gjson.ts'
import { parseResult, type Result } from './result.ts'
import { elements } from './scan.ts'
import { jsonString } from './strings.ts'

/** One step of a path to set: its name, how gjson finds it, and whether a leading `:` makes it a key whatever it looks like. */
type Step = { name: string; path: string; isKey: boolean }

/** A JSON string as sjson writes it: what needs no escape is kept as it is, everything else goes through Go's encoder. */
export const quote = (text: string): string => (/^[ !#-[\]-\x7f]*$/.test(text) ? `"${text}"` : jsonString(text))

/**
 * Sets raw JSON at a path of a document (sjson's syntax) and leaves the rest of its text as it is. An empty document becomes an object
 * or, for an index, an array; a path with wildcards, queries or modifiers only replaces what is there.
 */
export const setRaw = (document: string, path: string, raw: string): string => {
  if (path === '') throw new AppError('invalid', 'path cannot be empty')
  const steps = parse(path)
  return steps === undefined ? replace(document, get(document, path), raw) : set(document, steps, raw)
}

/** Undefined for a path that is more than names and indexes. */
const parse = (path: string): Step[] | undefined => {
  const steps: Step[] = []
  let step: Step = { name: '', path: '', isKey: path[0] === ':' }
  for (let at = step.isKey ? 1 : 0; at < path.length; at += 1) {
    const character = path[at] as string
    if (character === '.') {
      steps.push(step)
      step = { name: '', path: '', isKey: path[at + 1] === ':' }
      if (step.isKey) at += 1
    } else if (character === '\\') {
      at += 1
      step.name += path[at] ?? ''
      step.path += `\\${path[at] ?? ''}`
    } else if ('|#@*?'.includes(character)) return undefined
    else {
      step.name += character
      step.path += character
    }
  }
  return [...steps, step]
}

/** Replaces what a path found, or every part of what it collected; found nothing, nothing changes. */
const replace = (document: string, found: Result, raw: string): string => {
  const put = (text: string, start: number, length: number) => text.slice(0, start) + raw + text.slice(start + length)
  if (!found.exists) return document
  if (found.index > 0) return put(document, found.index, found.raw.length)
  const parts = [...elements(found.raw)].map(({ start, end }, at) => ({
    start: found.indexes?.[at] ?? 0,
    length: end - start,
  }))
  if (found.indexes === undefined || parts.length !== found.indexes.length) return document
  return parts.sort((a, b) => b.start - a.start).reduce((text, { start, length }) => put(text, start, length), document)
}

/** An empty name counts as the index 0. */
const indexOf = ({ name, isKey }: Step): number | undefined => (!isKey && /^\d*$/.test(name) ? Number(name) : undefined)

const isAppend = ({ name, isKey }: Step): boolean => !isKey && name === '-1'

const set = (document: string, steps: readonly Step[], raw: string): string => {
  const [step, ...rest] = steps as [Step, ...Step[]]
  const found = get(document, step.path)
  if (found.index > 0) {
    const value = rest.length === 0 ? raw : set(found.raw, rest, raw)
    return document.slice(0, found.index) + value + document.slice(found.index + found.raw.length)
  }
  const parsed = parseResult(document)
  const text = parsed.kind === 'json' ? parsed.raw : indexOf(step) === undefined ? '{}' : '[]'
  return text[0] === '{' ? addMember(text, steps, raw) : addElement(text, steps, raw)
}

const addMember = (object: string, steps: readonly Step[], raw: string): string => {
  const [step, ...rest] = steps as [Step, ...Step[]]
  const before = object.slice(0, object.lastIndexOf('}'))
  return `${before}${/^.\s*$/s.test(before) ? '' : ','}${quote(step.name)}:${build(rest, raw)}}`
}

const addElement = (array: string, steps: readonly Step[], raw: string): string => {
  const [step, ...rest] = steps as [Step, ...Step[]]
  const value = build(rest, raw)
  if (isAppend(step)) {
    const before = array.trimEnd().slice(0, -1)
    return `${before}${/^.\s*$/s.test(before) ? '' : ','}${value}]`
  }
  const index = indexOf(step)
  if (index === undefined) throw new AppError('invalid', `cannot set array element for non-numeric key '${step.name}'`)
  const existing = [...elements(array)].map(({ start, end }) => array.slice(start, end))
  return `[${[...existing, ...Array(Math.max(0, index - existing.length)).fill('null'), value].join(',')}]`
}

/** New objects and arrays around a value. */
const build = (steps: readonly Step[], raw: string): string => {
  const [step, ...rest] = steps
  if (step === undefined) return raw
  const inner = build(rest, raw)
  const index = isAppend(step) ? 0 : indexOf(step)
  return index === undefined ? `{${quote(step.name)}:${inner}}` : `[${'null,'.repeat(index)}${inner}]`
}
