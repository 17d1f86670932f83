import { AppError } from '@bookinfo/errors'
import { compileExpr } from '../expressions/expr.ts'
import { compileGovaluate } from '../expressions/govaluate.ts'
import type { Value } from '../values/go-json.ts'
import { printValue } from '../values/template/print.ts'

/** When a trigger fires: an expression over the names of dependencies. */
export type Condition = {
  expression: string
  /** The dependencies it uses. */
  names: string[]
  /** Whether events have to wait for others. */
  needsAnd: boolean
  /** What it comes to; throws `invalid` where an operand is no name. */
  evaluate(present: ReadonlySet<string>): Value
  /** Whether the trigger fires with these. */
  isMet(present: ReadonlySet<string>): boolean
}

/**
 * Compiles a condition as Argo does: an expression of expr-lang that makes the text of a second one, of govaluate; without one, all
 * dependencies of the sensor are needed. Throws `invalid` for an unknown name or other syntax.
 */
export const compileCondition = (text: string | undefined, dependencyNames: readonly string[]): Condition => {
  const fail = (why: string): never => {
    throw new AppError('invalid', `condition "${text || dependencyNames.join('&&')}": ${why}`)
  }
  try {
    const expression = text ? translate(text, dependencyNames) : dependencyNames.join('&&')
    const { names, evaluate } = compileGovaluate(expression.replaceAll('-', '\\-'))
    const unknown = names.find((name) => !dependencyNames.includes(name))
    if (unknown !== undefined) fail(`there is no dependency ${unknown}`)
    const valueWith = (present: ReadonlySet<string>) =>
      evaluate(new Map(names.map((name) => [name, present.has(name)])))
    return {
      expression,
      names,
      needsAnd: expression.includes('&'),
      evaluate: valueWith,
      isMet: (present) => isTrue(() => valueWith(present)),
    }
  } catch (error) {
    if (error instanceof AppError && !error.message.startsWith('condition ')) return fail(error.message)
    throw error
  }
}

const isTrue = (work: () => Value): boolean => {
  try {
    return work() === true
  } catch {
    return false
  }
}

/** Dashes become underscores, so of two names that differ only in them the later one is meant. */
const translate = (text: string, dependencyNames: readonly string[]): string => {
  const names = new Map(dependencyNames.map((name) => [name.replaceAll('-', '_'), name]))
  const sum = text
    .replaceAll('&&', ' + "&&" + ')
    .replaceAll('||', ' + "||" + ')
    .replaceAll('-', '_')
    .replaceAll('(', '"("+')
    .replaceAll(')', '+")"')
  const compiled = compileExpr(sum)
  const unknown = compiled.names.find((name) => !names.has(name))
  if (unknown !== undefined) throw new AppError('invalid', `there is no dependency ${unknown}`)
  return printValue(compiled.evaluate(names))
}
