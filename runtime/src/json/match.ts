const patterns = new Map<string, RegExp>()
const patternsMax = 1_000

/** Whether the whole text fits a pattern: `*` is any text, `?` any one character, and `\` makes the next character plain. */
export const matchesPattern = (text: string, pattern: string): boolean => {
  let compiled = patterns.get(pattern)
  if (compiled === undefined) {
    compiled = new RegExp(`^${toSource(pattern)}$`, 'su')
    if (patterns.size < patternsMax) patterns.set(pattern, compiled)
  }
  return compiled.test(text)
}

const toSource = (pattern: string): string =>
  pattern.replaceAll(/\\(.)|\*+|[^]/gsu, (found, escaped?: string) => {
    if (escaped !== undefined) return plain(escaped)
    if (found[0] === '*') return '.*'
    return found === '?' ? '.' : plain(found)
  })

const plain = (character: string): string => character.replace(/[$()*+.?[\\\]^{|}/]/, '\\$&')
