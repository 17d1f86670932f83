import { compileEventFilter } from '../../../runtime/src/eventsources/filter.ts'
import { answerOf, type Case, type Check, differ, eventOf } from '../cases.ts'

type EventFilterCase = Case<{ filter: { expression: string } }, { pass?: boolean }>

export const checkEventFilter: Check = async (asked) => {
  const { manifest, expected } = asked as EventFilterCase
  const outcome = await answerOf(() => compileEventFilter(manifest.filter)(eventOf(asked).data ?? ''))
  const isError = 'error' in outcome || outcome.answer.error !== undefined
  const pass = 'answer' in outcome && outcome.answer.pass
  return differ({ pass: expected.pass ?? false, error: expected.error ?? false }, { pass, error: isError })
}
