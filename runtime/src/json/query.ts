import { matchesPattern } from './match.ts'
import type { Query } from './path.ts'
import { missing, type Result } from './result.ts'

/** Whether a value fits a query's operator and value; values of other types never do. */
export const fitsQuery = ({ op, value: given }: Query, found: Result): boolean => {
  const { value, wanted } = given.startsWith('~') ? asBoolean(found, given.slice(1)) : { value: found, wanted: given }
  if (!value.exists) return false
  if (op === '') return true
  switch (value.kind) {
    case 'string':
      if (op === '%') return matchesPattern(value.text, wanted)
      if (op === '!%') return !matchesPattern(value.text, wanted)
      return ordered(op, value.text === wanted ? 0 : Buffer.compare(Buffer.from(value.text), Buffer.from(wanted)))
    case 'number': {
      const [left, right] = [Number(value.raw), goFloat(wanted)]
      return ordered(op, left === right ? 0 : left < right ? -1 : 1)
    }
    case 'true':
      return op === '=' ? wanted === 'true' : op === '!=' ? wanted !== 'true' : isAbove(op, wanted === 'false')
    case 'false':
      return op === '=' ? wanted === 'false' : op === '!=' ? wanted !== 'false' : isBelow(op, wanted === 'true')
    default:
      return false
  }
}

const isAbove = (op: string, isOther: boolean): boolean => op === '>=' || (op === '>' && isOther)
const isBelow = (op: string, isOther: boolean): boolean => op === '<=' || (op === '<' && isOther)

const ordered = (op: string, order: number): boolean => {
  switch (op) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return false
  }
}

const goFloat = (text: string): number => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : 0)

/** `~true`, `~false`, `~null` and `~*` compare what a value comes to, whatever its type. */
const asBoolean = (found: Result, wanted: string): { value: Result; wanted: string } => {
  const is = comesTo(found, wanted)
  if (is === undefined) return { value: missing, wanted: '' }
  const kind = is ? 'true' : 'false'
  return { value: { exists: true, kind, raw: kind, text: kind, index: 0 }, wanted: 'true' }
}

const comesTo = (found: Result, wanted: string): boolean | undefined => {
  switch (wanted) {
    case '*':
      return found.exists
    case 'null':
      return found.kind === 'null' || found.kind === 'missing'
    case 'true':
      if (found.kind === 'string') return ['1', 't', 'true'].includes(found.text.toLowerCase())
      return found.kind === 'true' || (found.kind === 'number' && Number(found.raw) !== 0)
    case 'false':
      if (found.kind === 'string') return ['0', 'f', 'false'].includes(found.text.toLowerCase())
      return ['missing', 'null', 'false'].includes(found.kind) || (found.kind === 'number' && Number(found.raw) === 0)
    default:
      return undefined
  }
}
