import { AppError } from '@bookinfo/errors'
import { elements, members, skipSpace, type Span } from './scan.ts'

/** One step of a path to set: a key, or for `:1` a key that looks like an index. */
type Step = { name: string; isKey: boolean }

/** A JSON string as sjson writes it: what needs no escape is kept as it is, everything else goes through Go's encoder. */
export const quote = (text: string): string => (/^[ !#-[\]-\x7f]*$/.test(text) ? `"${text}"` : goQuote(text))

/** A JSON string as Go's encoder writes it: `<`, `>`, `&` and the line separators are escaped; the value is the same. */
const goQuote = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Sets raw JSON at a path of a document (sjson's syntax); an empty document becomes an object or, for an index, an array. */
export const setRaw = (document: string, path: string, raw: string): string => {
  if (path === '') throw new AppError('invalid', 'path cannot be empty')
  const steps = parse(path)
  return set(document, skipSpace(document, 0), steps, 0, raw)
}

const parse = (path: string): Step[] => {
  const steps: Step[] = []
  let name = ''
  let isKey = false
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at] as string
    if (character === '.') {
      steps.push({ name, isKey })
      name = ''
      isKey = false
    } else if (character === ':' && name === '' && /^:-?\d/.test(path.slice(at))) {
      isKey = true
    } else if (character === '\\' && at + 1 < path.length) {
      name += path[(at += 1)]
    } else if (character === '*' || character === '?' || character === '#' || character === '@' || character === '|') {
      throw new AppError('invalid', `path "${path}" uses syntax that this runtime does not have`)
    } else name += character
  }
  steps.push({ name, isKey })
  return steps
}

const isIndex = ({ name, isKey }: Step): boolean => !isKey && (/^\d+$/.test(name) || name === '-1')

const set = (text: string, at: number, steps: readonly Step[], index: number, raw: string): string => {
  const step = steps[index]
  if (step === undefined) return raw
  const inside = (value: Span | undefined) =>
    value === undefined
      ? build(steps, index + 1, raw)
      : set(text.slice(value.start, value.end), 0, steps, index + 1, raw)
  if (text[at] === '{') {
    for (const { key, value } of members(text, at)) {
      if (key === step.name) return text.slice(0, value.start) + inside(value) + text.slice(value.end)
    }
    const close = text.lastIndexOf('}')
    const isEmpty = text.slice(at + 1, close).trim() === ''
    return `${text.slice(0, close)}${isEmpty ? '' : ','}${quote(step.name)}:${inside(undefined)}${text.slice(close)}`
  }
  if (text[at] === '[') return setElement(text, at, step, inside)
  return build(steps, index, raw)
}

const setElement = (text: string, at: number, step: Step, inside: (value: Span | undefined) => string): string => {
  if (!isIndex(step)) throw new AppError('invalid', `cannot set array element for non-numeric key '${step.name}'`)
  const all = [...elements(text, at)]
  const wanted = step.name === '-1' ? all.length : Number(step.name)
  const existing = all[wanted]
  if (existing) return text.slice(0, existing.start) + inside(existing) + text.slice(existing.end)
  const filled = [
    ...all.map(({ start, end }) => text.slice(start, end)),
    ...Array(wanted - all.length).fill('null'),
    inside(undefined),
  ]
  return `[${filled.join(',')}]`
}

const build = (steps: readonly Step[], index: number, raw: string): string => {
  const step = steps[index]
  if (step === undefined) return raw
  const inner = build(steps, index + 1, raw)
  if (!isIndex(step)) return `{${quote(step.name)}:${inner}}`
  return step.name === '-1' ? `[${inner}]` : `[${'null,'.repeat(Number(step.name))}${inner}]`
}
