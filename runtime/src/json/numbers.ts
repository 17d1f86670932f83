/** Go's `strconv.FormatFloat(number, 'f', -1, 64)`: the shortest digits that mean this number, without an exponent. */
export const plainFloat = (number: number): string => {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf'
  if (Object.is(number, -0)) return '-0'
  const text = String(number)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', lead = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  const digits = `${lead}${fraction}`
  return shift >= 0 ? `${sign}${digits.padEnd(shift + 1, '0')}` : `${sign}0.${'0'.repeat(-shift - 1)}${digits}`
}

/** A JSON number as gjson shows it: plain digits stay as they are, everything else is normalised. */
export const numberText = (raw: string): string => (/^-?\d*$/.test(raw) ? raw : plainFloat(Number(raw) || 0))
