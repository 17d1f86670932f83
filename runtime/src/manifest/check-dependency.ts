import { AppError } from '@bookinfo/errors'
import { compileGovaluate } from '../expressions/govaluate.ts'
import { compileRe2 } from '../expressions/re2.ts'
import { loadScripts } from '../scripts/load.ts'
import { compileTransform } from '../transform/transform.ts'
import { templateProblem } from '../values/template.ts'
import type { DataFilter, Dependency, ExprFilter, Filters } from './types.ts'

/**
 * What is wrong with a dependency's transform and filters. Argo finds most of it only when events come, and discards every one of them;
 * here it is found when manifests are read.
 */
export const dependencyProblems = ({ transform, filters = {} }: Dependency): string[] => [
  ...attempt('transform', () => transform && compileTransform(transform)),
  ...(filters.exprs ?? []).flatMap(exprProblems),
  ...(filters.data ?? []).flatMap(dataProblems),
  ...contextProblems(filters),
  ...timeProblems(filters),
  ...attempt('filter', () => filters.script && loadScripts().compileLua(filters.script)),
]

const exprProblems = ({ expr }: ExprFilter): string[] => attempt(`expression ${expr}`, () => compileGovaluate(expr))

const dataProblems = ({ path, type, value = [], template }: DataFilter): string[] => [
  ...(value.length > 0 && value.every((one) => one !== '')
    ? []
    : [`data filter on ${path} needs values that are not empty`]),
  ...(type === 'string' ? value : []).flatMap((one) => attempt(`data filter on ${path}`, () => compileRe2(one))),
  ...templateProblems(template),
]

const templateProblems = (template = ''): string[] => {
  const problem = templateProblem(template)
  return problem === undefined ? [] : [`template ${template}: ${problem}`]
}

const contextProblems = ({ context }: Filters): string[] => {
  if (!context || Object.values(context).some(Boolean)) return []
  return ['a context filter needs one of type, subject, source and datacontenttype']
}

const timeProblems = ({ time }: Filters): string[] =>
  time && time.start === time.stop ? [`a time filter from ${time.start} to ${time.stop} lets nothing pass`] : []

const attempt = (what: string, work: () => unknown): string[] => {
  try {
    work()
    return []
  } catch (error) {
    return [`${what}: ${error instanceof AppError ? error.message : String(error)}`]
  }
}
