import type { Value } from '../go-json.ts'
import { typeName } from './print.ts'

/**
 * A function of templates with the types of its parameters: `s` text, `i` integer, `f` float, `b` bool, `m` map, `t` time, `a` anything;
 * a `*` behind the last one means any number of them.
 */
export type TemplateFunction = { types: string; call(...values: never[]): Value }

export type Functions = Record<string, TemplateFunction>

export const takes = (types: string, call: (...values: never[]) => Value): TemplateFunction => ({ types, call })

const kinds: Record<string, { name: string; fits(value: Value): boolean }> = {
  s: { name: 'string', fits: (value) => typeof value === 'string' },
  i: { name: 'int', fits: (value) => typeof value === 'bigint' },
  f: { name: 'float64', fits: (value) => typeof value === 'number' || typeof value === 'bigint' },
  b: { name: 'bool', fits: (value) => typeof value === 'boolean' },
  m: { name: 'map[string]interface {}', fits: (value) => value instanceof Map || value === null },
  t: { name: 'time.Time', fits: (value) => value instanceof Date },
  a: { name: 'interface {}', fits: () => true },
}

/** Calls a function after checking its arguments as Go does; a nil stands for anything that can be nil. */
export const callFunction = (name: string, { types, call }: TemplateFunction, values: readonly Value[]): Value => {
  const isVariadic = types.endsWith('*')
  const fixed = isVariadic ? types.slice(0, -2) : types
  if (isVariadic ? values.length < fixed.length : values.length !== fixed.length)
    throw new Error(
      `wrong number of args for ${name}: want ${isVariadic ? 'at least ' : ''}${fixed.length} got ${values.length}`,
    )
  for (const [index, value] of values.entries()) {
    const kind = kinds[fixed[index] ?? (types.at(-2) as string)] as (typeof kinds)[string]
    if (!kind.fits(value))
      throw new Error(
        value === null
          ? `invalid value; expected ${kind.name}`
          : `wrong type for value; expected ${kind.name}; got ${typeName(value)}`,
      )
  }
  return call(...(values as never[]))
}
