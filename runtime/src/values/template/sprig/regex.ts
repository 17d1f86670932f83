import { type Functions, takes } from '../functions.ts'

const compile = (pattern: string): RegExp => {
  const flags = /^\(\?([ims]+)\)/.exec(pattern)
  const source = (flags ? pattern.slice(flags[0].length) : pattern)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\A/g, '^')
    .replaceAll(/\\z/g, '$')
  if (/\(\?<?[=!]|\\[1-9]/.test(source))
    throw new Error(`error parsing regexp: invalid or unsupported Perl syntax: ${pattern}`)
  return new RegExp(source, `gu${flags?.[1] ?? ''}`)
}

/** `$1` and `${name}` in a replacement, with Go's rule that a name is as long as it can be. */
const expand = (template: string, match: RegExpExecArray): string =>
  template.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (found, braced?: string, plain?: string) => {
    if (found === '$$') return '$'
    const name = braced ?? plain ?? ''
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? ''
  })

const replaceAll = (pattern: string, text: string, by: (match: RegExpExecArray) => string): string => {
  let result = ''
  let at = 0
  for (const match of text.matchAll(compile(pattern))) {
    result += text.slice(at, match.index) + by(match as RegExpExecArray)
    at = match.index + match[0].length
  }
  return result + text.slice(at)
}

const matches = (pattern: string, text: string): boolean => compile(pattern).test(text)

const quietMatch = (pattern: string, text: string): boolean => {
  try {
    return matches(pattern, text)
  } catch {
    return false
  }
}

const findAll = (pattern: string, text: string, count: bigint): string[] => {
  const found = Array.from(text.matchAll(compile(pattern)), ([whole]) => whole)
  return count < 0n ? found : found.slice(0, Number(count))
}

const split = (pattern: string, text: string, count: bigint): string[] => {
  if (count === 0n) return []
  const parts: string[] = []
  let at = 0
  for (const { 0: whole, index } of text.matchAll(compile(pattern))) {
    if (count > 0n && parts.length === Number(count) - 1) break
    if (index + whole.length === 0) continue
    parts.push(text.slice(at, index))
    at = index + whole.length
  }
  return [...parts, text.slice(at)]
}

const find = takes('ss', (pattern: string, text: string) => compile(pattern).exec(text)?.[0] ?? '')
const findAllFunction = takes('ssi', findAll)
const replace = takes('sss', (pattern: string, text: string, by: string) =>
  replaceAll(pattern, text, (match) => expand(by, match)),
)
const replaceLiteral = takes('sss', (pattern: string, text: string, by: string) => replaceAll(pattern, text, () => by))
const splitFunction = takes('ssi', split)

export const regexFunctions: Functions = {
  regexMatch: takes('ss', quietMatch),
  mustRegexMatch: takes('ss', matches),
  regexFind: find,
  mustRegexFind: find,
  regexFindAll: findAllFunction,
  mustRegexFindAll: findAllFunction,
  regexReplaceAll: replace,
  mustRegexReplaceAll: replace,
  regexReplaceAllLiteral: replaceLiteral,
  mustRegexReplaceAllLiteral: replaceLiteral,
  regexSplit: splitFunction,
  mustRegexSplit: splitFunction,
  regexQuoteMeta: takes('s', (text: string) => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
}
