import { AppError } from '@bookinfo/errors'
import { get } from '../json/gjson.ts'

/** Go text templates, of which this runtime has fields of the input: `{{ .Input.a.b }}`. Undefined when there is more in it. */
export const parseTemplate = (template: string): ((json: string) => string) | undefined => {
  const parts = template.split(/(\{\{-?.*?-?\}\})/s)
  const readers: ((json: string) => string)[] = []
  for (const part of parts) {
    const action = /^\{\{\s*\.Input((?:\.\w+)*)\s*\}\}$/.exec(part)
    if (!action && part.startsWith('{{')) return undefined
    if (!action) readers.push(() => part)
    else readers.push((json) => fieldText(json, (action[1] ?? '').slice(1)))
  }
  return (json) => readers.map((read) => read(json)).join('')
}

/** Renders a template that `parseTemplate` accepts; a field that is not there reads `<no value>`, as in Go. */
export const renderTemplate = (template: string, json: string): string => {
  const render = parseTemplate(template)
  if (render === undefined)
    throw new AppError('invalid', `template "${template}" uses syntax that this runtime does not have`)
  return render(json)
}

const fieldText = (json: string, path: string): string => {
  const found = get(json, path)
  if (!found.exists || found.kind === 'null') return '<no value>'
  return found.kind === 'number' ? goFloat(Number(found.raw)) : found.text
}

/** How Go prints a float64 with %v: the shortest form, with an exponent below 1e-4 and from 1e21 on, or from 1e6 on in templates' %v. */
const goFloat = (number: number): string => {
  const exponent = number === 0 ? 0 : Math.floor(Math.log10(Math.abs(number)))
  if (exponent >= -4 && exponent < 21) {
    const text = String(number)
    if (Math.abs(number) < 1e21 && !(Number.isInteger(number) && Math.abs(number) >= 1e6) && !(Math.abs(number) >= 1e6))
      return text
  }
  const [mantissa, power = '+0'] = number.toExponential().split('e')
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, '0')}`
}
