/** One step of a path: a key, perhaps with wildcards. */
export type Step = { name: string; isPattern: boolean; matches(key: string): boolean }

/** Splits a gjson path at its dots; `\` makes the next character literal. Undefined for syntax beyond keys, indexes, `#` and wildcards. */
export const parsePath = (path: string): Step[] | undefined => {
  if (/^[@!{[]/.test(path) || /(^|[.|])#\(/.test(path) || path.includes('|') || /\.[@{[]/.test(path)) return undefined
  const steps: Step[] = []
  let name = ''
  let pattern = ''
  let isPattern = false
  const end = () => {
    const expression = isPattern ? new RegExp(`^${pattern}$`, 'su') : undefined
    const wanted = name
    steps.push({ name, isPattern, matches: (key) => (expression ? expression.test(key) : key === wanted) })
    name = pattern = ''
    isPattern = false
  }
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at] as string
    if (character === '.') {
      end()
      continue
    }
    const isEscaped = character === '\\' && at + 1 < path.length
    const literal = isEscaped ? (path[(at += 1)] as string) : character
    const isWildcard = !isEscaped && (literal === '*' || literal === '?')
    isPattern ||= isWildcard
    name += literal
    pattern += isWildcard ? (literal === '*' ? '.*' : '.') : literal.replace(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')
  }
  end()
  return steps
}
