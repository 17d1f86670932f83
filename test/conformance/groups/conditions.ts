import { compileCondition } from '../../../runtime/src/conditions/condition.ts'
import type { Dependency, Trigger } from '../../../runtime/src/manifest/types.ts'
import { answerOf, type Case, type Check, compare, differ } from '../cases.ts'

type Wanted = { dependencies?: string[]; expression?: string; truth?: Record<string, unknown> }
type ConditionCase = Case<{ dependencies: Dependency[]; triggers: Trigger[] }, Wanted>

/** Compiles the condition and evaluates it for every set of dependencies that the case asks for. */
export const checkConditions: Check = async (asked) => {
  const { manifest, expected } = asked as ConditionCase
  const names = manifest.dependencies.map(({ name }) => name)
  const outcome = await answerOf(() => compileCondition(manifest.triggers[0]?.template.conditions, names))
  return compare(asked, outcome, ({ names: used, expression, evaluate }) =>
    differ(
      [expected.dependencies, expected.expression, Object.values(expected.truth ?? {}).map(plain)],
      [used, expression, Object.keys(expected.truth ?? {}).map((set) => truthOf(() => evaluate(present(set))))],
    ),
  )
}

const present = (set: string): Set<string> => new Set(set.split(',').filter(Boolean))

const truthOf = (evaluate: () => unknown): unknown => {
  try {
    return evaluate()
  } catch {
    return 'error'
  }
}

const plain = (truth: unknown): unknown => (typeof truth === 'string' ? truth.split(':')[0] : truth)
