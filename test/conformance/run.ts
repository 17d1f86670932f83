import type { Case, Check, Difference } from './cases.ts'
import { checkConditions } from './groups/conditions.ts'
import { checkEventFilter } from './groups/esfilter.ts'
import { checkFilter } from './groups/filter.ts'
import { checkHttpTrigger } from './groups/httptrigger.ts'
import { checkParams } from './groups/params.ts'
import { checkPayload } from './groups/payload.ts'
import { checkTemplate } from './groups/template.ts'
import { checkTransform } from './groups/transform.ts'
import { checkWebhook } from './groups/webhook.ts'

const checks: Record<string, Check> = {
  payload: checkPayload,
  params: checkParams,
  template: checkTemplate,
  httptrigger: checkHttpTrigger,
  webhook: checkWebhook,
  filter: checkFilter,
  conditions: checkConditions,
  esfilter: checkEventFilter,
  transform: checkTransform,
}

export type Failure = Difference & { id: string; group: string }
export type Counts = { passed: number; failed: number }

/** Runs cases one after the other. */
export const runCases = async (
  cases: readonly Case[],
): Promise<{ failures: Failure[]; groups: Map<string, Counts> }> => {
  const failures: Failure[] = []
  const groups = new Map<string, Counts>()
  for (const one of cases) {
    const { id, group } = one
    const check = checks[group]
    const difference = check === undefined ? { wanted: `a check for ${group}`, got: 'none' } : await check(one)
    const counts = groups.get(group) ?? { passed: 0, failed: 0 }
    groups.set(group, counts)
    counts[difference === undefined ? 'passed' : 'failed'] += 1
    if (difference !== undefined) failures.push({ id, group, ...difference })
  }
  return { failures, groups }
}
