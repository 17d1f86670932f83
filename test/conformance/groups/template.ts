import { withTemplateParameters } from '../../../runtime/src/http-trigger/request.ts'
import type { Trigger, TriggerTemplate } from '../../../runtime/src/manifest/types.ts'
import { answerOf, type Case, type Check, compare, differ, eventsOf } from '../cases.ts'

type TemplateCase = Case<{ trigger: Trigger }, { template?: TriggerTemplate }>

export const checkTemplate: Check = async (asked) => {
  const { manifest, expected } = asked as TemplateCase
  const outcome = await answerOf(() => withTemplateParameters(manifest.trigger, eventsOf(asked)))
  return compare(asked, outcome, (template) => differ(plain(expected.template), plain(template)))
}

// Go writes the zero value of fields that it does not leave out.
const isZero = (value: unknown): boolean => value === null || value === undefined || value === ''

/** A value with its keys in order and without what is absent. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const present = Object.entries(value).filter(([, inner]) => !isZero(inner))
  return Object.fromEntries(
    present.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, plain(inner)] as const),
  )
}
