import { engine } from '../../expressions/re2.ts'
import type { Meter } from './meter.ts'
import { fail } from './lexer.ts'
import type { Json } from './values.ts'

/** What `match` gives: for each match its place and length in characters, its text, and its groups. */
export const matchAll = ({ tick }: Meter, text: string, pattern: string, flags: string): Json[] => {
  if (/[^gixnpsl]/.test(flags)) fail(`${flags} are no flags of a regular expression`)
  const { RE2JS } = engine()
  const inline = [...'is'].filter((flag) => flags.includes(flag)).join('')
  const compiled = RE2JS.compile(inline === '' ? pattern : `(?${inline})${pattern}`)
  const matcher = compiled.matcher(text)
  const names = new Map(Object.entries(compiled.namedGroups()).map(([name, index]) => [index as number, name]))
  const place = (index: number): number => Array.from(text.slice(0, index)).length
  const found: Json[] = []
  while (matcher.find()) {
    tick()
    const string = matcher.group() ?? ''
    if (!(flags.includes('n') && string === '')) {
      const captures = Array.from({ length: matcher.groupCount() }, (_, at): Json => {
        const group = matcher.group(at + 1)
        const start = matcher.start(at + 1)
        return {
          name: names.get(at + 1) ?? null,
          offset: group === null ? -1 : place(start),
          length: group === null ? 0 : [...group].length,
          string: group,
        }
      })
      found.push({ offset: place(matcher.start()), length: [...string].length, string, captures })
    }
    if (!flags.includes('g')) break
  }
  return found
}
