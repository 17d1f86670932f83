import type { Parameter } from '../../../runtime/src/manifest/types.ts'
import { applyParameters } from '../../../runtime/src/values/resolve.ts'
import { answerOf, type Case, type Check, compare, differ, eventsOf } from '../cases.ts'

type ParamsCase = Case<{ parameters: Parameter[]; resource: string }, { output?: string }>

export const checkParams: Check = async (asked) => {
  const { manifest, expected } = asked as ParamsCase
  const outcome = await answerOf(() => applyParameters(manifest.resource, manifest.parameters ?? [], eventsOf(asked)))
  return compare(asked, outcome, (output) => differ(expected.output, output))
}
