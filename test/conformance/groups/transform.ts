import type { Transform } from '../../../runtime/src/manifest/types.ts'
import { compileTransform } from '../../../runtime/src/transform/transform.ts'
import { answerOf, type Case, type Check, compare, differ, eventOf } from '../cases.ts'

type TransformCase = Case<{ transform: Transform }, { data?: string | null }>

export const checkTransform: Check = async (asked) => {
  const { manifest, expected } = asked as TransformCase
  const outcome = await answerOf(() => compileTransform(manifest.transform)(eventOf(asked)))
  return compare(asked, outcome, ({ data }) => differ(expected.data ?? null, data))
}
