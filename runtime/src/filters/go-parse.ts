const decimal = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i
const hexadecimal = /^([+-]?)0x_?([\da-f]+(?:_[\da-f]+)*)?(?:\.([\da-f]+(?:_[\da-f]+)*)?)?p([+-]?\d+)$/i

/** Reads a number as Go's ParseFloat does: decimal, hexadecimal with an exponent, Inf and NaN. Undefined for anything else. */
export const parseGoFloat = (text: string): number | undefined => {
  if (decimal.test(text)) return Number(text.replaceAll('_', ''))
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  const [, sign, whole = '', fraction = '', exponent] = hexadecimal.exec(text) ?? []
  if (exponent === undefined || whole + fraction === '') return undefined
  const digits = (whole + fraction).replaceAll('_', '')
  const places = fraction.replaceAll('_', '').length * 4
  return (sign === '-' ? -1 : 1) * Number(`0x${digits}`) * 2 ** (Number(exponent) - places)
}

/** Reads a boolean as Go's ParseBool does. */
export const parseGoBool = (text: string): boolean | undefined => {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  return undefined
}
