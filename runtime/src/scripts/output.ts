import { AppError } from '@bookinfo/errors'
import type { Value } from '../values/go-json.ts'

const partsMax = 200_000
const textMaxCharacters = 8 * 2 ** 20
const depthMax = 1_000

/**
 * What a script gives back, as a value of Go. A value that holds the same part many times may be far larger once it is written out;
 * beyond a limit it is refused. `replace` sees every part first.
 */
export const toOutput = (given: unknown, replace: (part: unknown) => unknown = (part) => part): Value => {
  let parts = 0
  let characters = 0
  const take = (text: string): string => {
    if ((characters += text.length) > textMaxCharacters)
      throw new AppError('invalid', 'what the script gives is too large')
    return text
  }
  const convert = (part: unknown, depth: number): Value => {
    if ((parts += 1) > partsMax || depth > depthMax) throw new AppError('invalid', 'what the script gives is too large')
    const value = replace(part)
    if (typeof value === 'string') return take(value)
    if (typeof value !== 'object' || value === null) return value as Value
    if (Array.isArray(value)) return value.map((one) => convert(one, depth + 1))
    return new Map(Object.entries(value).map(([key, one]) => [take(key), convert(one, depth + 1)]))
  }
  return convert(given, 0)
}
