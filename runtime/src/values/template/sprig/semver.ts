import type { Value } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'
import { ownTexts } from '../print.ts'

type Version = { numbers: [number, number, number]; prerelease: string; metadata: string; original: string }

const versionPattern = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\dA-Za-z.-]+))?(?:\+([\dA-Za-z.-]+))?$/

const parse = (text: string): Version => {
  const match = versionPattern.exec(text)
  if (match === null) throw new Error('Invalid Semantic Version')
  const [, major, minor = '0', patch = '0', prerelease = '', metadata = ''] = match
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease, metadata, original: text }
}

const compareParts = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  const [isA, isB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isA && isB) return Math.sign(Number(a) - Number(b))
  if (isA !== isB) return isA ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const compare = (a: Version, b: Version): number => {
  for (const [at, number] of a.numbers.entries()) {
    const other = b.numbers[at] ?? 0
    if (number !== other) return number < other ? -1 : 1
  }
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === '' || b.prerelease === '') return a.prerelease === '' ? 1 : -1
  const [left, right] = [a.prerelease.split('.'), b.prerelease.split('.')]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = compareParts(left[at], right[at])
    if (order !== 0) return order
  }
  return 0
}

/** `from <= version < to`, or one comparison. */
type Test = (version: Version) => boolean

const constraintPattern =
  /^(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([\dA-Za-z.-]+))?(?:\+[\dA-Za-z.-]+)?$/

const isNumber = (part: string | undefined): part is string => part !== undefined && /^\d+$/.test(part)

/** The first version after all those that share the first `count` numbers. */
const after = ({ numbers }: Version, count: number): Version => {
  const next = numbers.map((number, at) => (at < count - 1 ? number : at === count - 1 ? number + 1 : 0))
  return { numbers: next as [number, number, number], prerelease: '', metadata: '', original: '' }
}

const testOf = (text: string): Test => {
  const match = constraintPattern.exec(text.trim())
  if (match === null) throw new Error(`improper constraint: ${text}`)
  const [, operator = '', major, minor, patch, prerelease = ''] = match
  const given = [major, minor, patch]
  const wild = given.findIndex((part) => !isNumber(part))
  const known = wild < 0 ? 3 : wild
  const base: Version = {
    numbers: given.map((part) => (isNumber(part) ? Number(part) : 0)) as [number, number, number],
    prerelease,
    metadata: '',
    original: '',
  }
  const fits = comparison(operator, base, known)
  return (version) => (version.prerelease === '' || prerelease !== '') && fits(version)
}

const comparison = (operator: string, base: Version, known: number): Test => {
  const within =
    (count: number): Test =>
    (version) =>
      compare(version, base) >= 0 && (count === 0 || compare(version, after(base, count)) < 0)
  switch (operator) {
    case '!=':
      return (version) => (known === 3 ? compare(version, base) !== 0 : !within(known)(version))
    case '>':
      return (version) =>
        known === 3 ? compare(version, base) > 0 : known > 0 && compare(version, after(base, known)) >= 0
    case '<':
      return (version) => compare(version, base) < 0
    case '>=':
    case '=>':
      return (version) => compare(version, base) >= 0
    case '<=':
    case '=<':
      return (version) =>
        known === 3 ? compare(version, base) <= 0 : known === 0 || compare(version, after(base, known)) < 0
    case '~':
    case '~>':
      return within(Math.min(known, 2))
    case '^': {
      const first = base.numbers.findIndex((number) => number > 0)
      return within(Math.min(known, first < 0 ? known : first + 1))
    }
    default:
      return known === 3 ? (version) => compare(version, base) === 0 : within(known)
  }
}

const satisfies = (constraint: string, version: string): boolean => {
  const ranges = constraint.replaceAll(/(\S+)\s+-\s+(\S+)/g, '>=$1, <=$2').split('||')
  const tests = ranges.map((range) => splitRange(range).map(testOf))
  const parsed = parse(version)
  return tests.some((all) => all.every((test) => test(parsed)))
}

const splitRange = (range: string): string[] => {
  const parts = range.match(/(?:[=!<>~^]+\s*)?[^\s,]+/g)
  if (parts === null) throw new Error(`improper constraint: ${range}`)
  return parts
}

export const semverFunctions: Functions = {
  semver: takes('s', (text: string) => {
    const { numbers, prerelease, metadata, original } = parse(text)
    const version = new Map<string, Value>([
      ['Major', BigInt(numbers[0])],
      ['Minor', BigInt(numbers[1])],
      ['Patch', BigInt(numbers[2])],
      ['Prerelease', prerelease],
      ['Metadata', metadata],
      ['Original', original],
    ])
    ownTexts.set(version, numbers.join('.') + (prerelease && `-${prerelease}`) + (metadata && `+${metadata}`))
    return version
  }),
  semverCompare: takes('ss', satisfies),
}
