import type { Value } from './go-json.ts'
import { builtins } from './template/builtins.ts'
import type { Functions } from './template/functions.ts'
import { type Parsed, parse } from './template/parse.ts'
import { run } from './template/run.ts'
import { sprigFunctions } from './template/sprig.ts'

const functions: Functions = { ...builtins, ...sprigFunctions }

const isFunction = (name: string): boolean => Object.hasOwn(functions, name) || name === 'and' || name === 'or'

const parsed = new Map<string, Parsed>()
const parsedMax = 2_000

const parseOnce = (template: string): Parsed => {
  let known = parsed.get(template)
  if (known === undefined) {
    known = parse(template, isFunction)
    if (parsed.size < parsedMax) parsed.set(template, known)
  }
  return known
}

/** What is wrong with a Go template with sprig's functions; undefined when it can run. */
export const templateProblem = (template: string): string | undefined => {
  try {
    parseOnce(template)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Renders a Go template whose `.Input` is the value given. Throws when Go would. */
export const renderTemplate = (template: string, input: Value): string =>
  run(parseOnce(template), functions, new Map([['Input', input]]))
