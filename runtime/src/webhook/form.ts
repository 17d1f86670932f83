/** A form or query as names with their values, whose characters stand for bytes; `problem` is the first thing wrong, in Go's words. */
export type Form = { values: Map<string, string[]>; problem: string | undefined }

/** Reads `a=1&b=2` as Go's net/url does: pairs that are wrong are left out. */
export const readForm = (text: string): Form => {
  const values = new Map<string, string[]>()
  let problem: string | undefined
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const wrong = pair.includes(';') ? 'invalid semicolon separator in query' : wrongEscape(pair)
    if (wrong !== undefined) {
      problem ??= wrong
      continue
    }
    const end = pair.indexOf('=')
    const name = decode(end < 0 ? pair : pair.slice(0, end))
    const value = end < 0 ? '' : decode(pair.slice(end + 1))
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return { values, problem }
}

const wrongEscape = (text: string): string | undefined => {
  const wrong = /%(?![\da-f]{2})[^=]{0,2}/i.exec(text)?.[0]
  return wrong === undefined ? undefined : `invalid URL escape "${wrong}"`
}

const decode = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
