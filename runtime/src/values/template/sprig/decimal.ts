/** `digits` times ten to the power of `exponent`. */
type Decimal = { digits: bigint; exponent: number }

const divisionDigits = 16

/** Calculates with the decimal digits that floats show, so that 0.1 and 0.2 make 0.3. */
export const decimal = (
  operation: 'add' | 'subtract' | 'multiply' | 'divide',
  [first = 0, ...others]: readonly number[],
): number => {
  const result = others.map(fromFloat).reduce((a, b) => operations[operation](a, b), fromFloat(first))
  return Number(`${result.digits}e${result.exponent}`)
}

const fromFloat = (value: number): Decimal => {
  if (!Number.isFinite(value)) throw new Error(`Cannot create a Decimal from ${value}`)
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

const digitsAt = ({ digits, exponent }: Decimal, wanted: number): bigint => digits * 10n ** BigInt(exponent - wanted)

const add = (a: Decimal, b: Decimal): Decimal => {
  const exponent = Math.min(a.exponent, b.exponent)
  return { digits: digitsAt(a, exponent) + digitsAt(b, exponent), exponent }
}

const divide = (a: Decimal, b: Decimal): Decimal => {
  if (b.digits === 0n) throw new Error('decimal division by 0')
  const shift = a.exponent - b.exponent + divisionDigits
  const top = shift >= 0 ? a.digits * 10n ** BigInt(shift) : a.digits
  const bottom = shift >= 0 ? b.digits : b.digits * 10n ** BigInt(-shift)
  const size = (value: bigint) => (value < 0n ? -value : value)
  const [quotient, rest] = [size(top) / size(bottom), size(top) % size(bottom)]
  const rounded = rest * 2n >= size(bottom) ? quotient + 1n : quotient
  return { digits: top < 0n === bottom < 0n ? rounded : -rounded, exponent: -divisionDigits }
}

const operations = {
  add,
  subtract: (a: Decimal, b: Decimal) => add(a, { ...b, digits: -b.digits }),
  multiply: (a: Decimal, b: Decimal) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }),
  divide,
}
