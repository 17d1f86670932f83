import { AppError } from '@bookinfo/errors'

/** The type that a field must have; `'*'` stands for every name of an object. */
type Types = 'string' | 'integer' | { [name: string]: Types }

/** The fields of an HTTP trigger that a parameter can give a wrong type. */
export const httpTypes: Types = {
  url: 'string',
  method: 'string',
  host: 'string',
  timeout: 'integer',
  headers: { '*': 'string' },
  secureHeaders: { '*': { name: 'string' } },
}

export const templateTypes: Types = { name: 'string', conditions: 'string', http: httpTypes }

/** Throws `invalid` when a field has another type than Argo's own, as reading it back fails there. */
export const assertTypes = (value: unknown, types: Types, path = 'template'): void => {
  if (value === null || value === undefined) return
  const fits =
    types === 'integer' ? Number.isInteger(value) : typeof value === (types === 'string' ? 'string' : 'object')
  if (!fits) throw new AppError('invalid', `a parameter gave ${path} a value of the wrong type`)
  if (typeof types === 'string') return
  for (const [name, inner] of Object.entries(value)) {
    const wanted = types[name] ?? types['*']
    if (wanted !== undefined) assertTypes(inner, wanted, `${path}.${name}`)
  }
}
