/** How deep JSON may nest. What is deeper can be read but not written again: writing it exhausts the stack. */
const nestingMax = 1_000

/** Parses JSON text; throws a `SyntaxError` that says why not, also for what is nested too deeply. */
export const parseJson = (text: string): unknown => {
  if (text.length > nestingMax && nestingOf(text) > nestingMax)
    throw new SyntaxError(`it is nested deeper than ${nestingMax} levels`)
  return JSON.parse(text)
}

const codes = { quote: 0x22, backslash: 0x5c, openList: 0x5b, closeList: 0x5d, openObject: 0x7b, closeObject: 0x7d }

const nestingOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let isString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === codes.quote) isString = !isString
    else if (isString) at += code === codes.backslash ? 1 : 0
    else if (code === codes.openList || code === codes.openObject) deepest = Math.max(deepest, (depth += 1))
    else if (code === codes.closeList || code === codes.closeObject) depth -= 1
  }
  return deepest
}
