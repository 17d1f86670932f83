/** A stretch of JSON text. */
export type Span = { start: number; end: number }

const quoteCode = 34
const commaCode = 44
const backslashCode = 92

/** The first character at or after `index` that is not white space. */
export const skipSpace = (text: string, index: number): number => {
  let at = index
  while (text.charCodeAt(at) <= 32) at += 1
  return at
}

/** The first character at or after `index` that is neither white space nor a comma or colon. */
export const skipSeparators = (text: string, index: number): number => {
  let at = index
  for (;;) {
    const code = text.charCodeAt(at)
    if (!(code <= 32 || code === commaCode || code === 58)) return at // also at the end, where there is no code
    at += 1
  }
}

/** The end of the value that starts at `index`, without looking at what is inside; at least one character on, whatever is there. */
export const skipValue = (text: string, index: number): number => {
  const first = text.charCodeAt(index)
  if (first === quoteCode) return skipString(text, index)
  if (first !== 123 && first !== 91) {
    let at = index + 1
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code <= 32 || code === commaCode || code === 93 || code === 125) break
    }
    return at
  }
  let depth = 0
  for (let at = index; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quoteCode) at = skipString(text, at) - 1
    else if (code === 123 || code === 91) depth += 1
    else if (code === 125 || code === 93) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

/** The end of the string that starts at `index`. */
export const skipString = (text: string, index: number): number => {
  for (let end = text.indexOf('"', index + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === backslashCode) before -= 1
    if ((end - before) % 2 === 1) return end + 1
  }
  return text.length
}

/** The literals of the members of an object, in their order, repeated keys included. */
export function* members(text: string): Generator<{ key: string; value: string }> {
  let at = skipSeparators(text, skipSpace(text, 0) + 1)
  while (text[at] === '"') {
    const keyEnd = skipString(text, at)
    const start = skipSeparators(text, keyEnd)
    const end = skipValue(text, start)
    yield { key: text.slice(at, keyEnd), value: text.slice(start, end) }
    at = skipSeparators(text, end)
  }
}

/** Where the elements of an array are. */
export function* elements(text: string): Generator<Span> {
  let at = skipSeparators(text, skipSpace(text, 0) + 1)
  while (at < text.length && text[at] !== ']') {
    const end = skipValue(text, at)
    yield { start: at, end }
    at = skipSeparators(text, end)
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
