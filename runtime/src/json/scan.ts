/** A stretch of JSON text. */
export type Span = { start: number; end: number }

/** The first character at or after `index` that is not white space. */
export const skipSpace = (text: string, index: number): number => {
  let at = index
  while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at += 1
  return at
}

/** The end of the value that starts at `index`, without looking at what is inside. The text must be valid JSON. */
export const skipValue = (text: string, index: number): number => {
  const first = text[index]
  if (first === '"') return skipString(text, index)
  if (first !== '{' && first !== '[') {
    let at = index
    while (at < text.length && !',]} \t\n\r'.includes(text[at] as string)) at += 1
    return at
  }
  let depth = 0
  for (let at = index; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') at = skipString(text, at) - 1
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

const skipString = (text: string, index: number): number => {
  let at = index + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

export type Member = { key: string; keySpan: Span; value: Span }

/** The members of the object that starts at `index`, in their order, repeated keys included. */
export function* members(text: string, index: number): Generator<Member> {
  let at = skipSpace(text, index + 1)
  while (at < text.length && text[at] === '"') {
    const keyEnd = skipString(text, at)
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = skipValue(text, start)
    yield { key: unescape(text.slice(at, keyEnd)), keySpan: { start: at, end: keyEnd }, value: { start, end } }
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
}

/** The elements of the array that starts at `index`. */
export function* elements(text: string, index: number): Generator<Span> {
  let at = skipSpace(text, index + 1)
  while (at < text.length && text[at] !== ']') {
    const end = skipValue(text, at)
    yield { start: at, end }
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
}

/** The text of a JSON string literal; a lone surrogate becomes the replacement character. */
export const unescape = (literal: string): string => {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return (JSON.parse(literal) as string).toWellFormed()
  } catch {
    return literal.slice(1, -1)
  }
}
