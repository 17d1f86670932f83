import { toGoJson } from '../../values/go-json.ts'
import { toOutput } from '../output.ts'
import { isNumber, type Json } from './values.ts'

/** The JSON text of a value inside a program, where numbers that JSON does not have become ones that it has. */
export const encode = (value: Json): string => toGoJson(toOutput(value, finite))

const finite = (value: unknown): unknown => {
  if (!isNumber(value as Json) || typeof value === 'bigint') return value
  const number = value as number
  if (Number.isNaN(number)) return null
  return Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE
}
