import type { Parameter } from '../../../runtime/src/manifest/types.ts'
import { buildPayload } from '../../../runtime/src/values/resolve.ts'
import { answerOf, type Case, type Check, compare, differ, eventsOf } from '../cases.ts'

type PayloadCase = Case<{ payload: Parameter[] }, { output?: string | null }>

export const checkPayload: Check = async (asked) => {
  const { manifest, expected } = asked as PayloadCase
  const warnings: string[] = []
  const outcome = await answerOf(() =>
    buildPayload(manifest.payload, eventsOf(asked), (message) => warnings.push(message)),
  )
  return compare(asked, outcome, (output) =>
    expected.panic ? differ(true, warnings.length > 0) : differ(expected.output ?? null, output ?? null),
  )
}
