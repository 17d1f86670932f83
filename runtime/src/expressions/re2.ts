import { createRequire } from 'node:module'
import { AppError } from '@bookinfo/errors'
import type * as Re2 from 're2js'

/** A regular expression of Go: it searches anywhere in a text, in time that grows with the text and never explodes. */
export type Pattern = { test(text: string): boolean }

const require = createRequire(import.meta.url)
const plain = /^(\^?)([^\\.+*?()|[\]{}^$]*)(\$?)$/

/** Compiles RE2 syntax; throws `invalid` for syntax that RE2 does not have, such as a lookahead. */
export const compileRe2 = (pattern: string): Pattern => {
  const [, isStart, literal = '', isEnd] = plain.exec(pattern) ?? []
  if (isStart === undefined) return compileWithEngine(pattern)
  if (isStart && isEnd) return { test: (text) => text === literal }
  if (isStart) return { test: (text) => text.startsWith(literal) }
  if (isEnd) return { test: (text) => text.endsWith(literal) }
  return { test: (text) => text.includes(literal) }
}

const compileWithEngine = (pattern: string): Pattern => {
  const { RE2JS } = engine()
  try {
    const compiled = RE2JS.compile(pattern)
    return { test: (text) => compiled.matcher(text).find() }
  } catch (error) {
    throw new AppError('invalid', error instanceof Error ? error.message : String(error))
  }
}

/** The engine itself, for what looks at groups; most patterns of manifests are plain text and never load it. */
export const engine = (): typeof Re2 => require('re2js')
