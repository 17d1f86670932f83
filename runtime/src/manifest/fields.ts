export type Problem = { at: string; text: string }

/**
 * The fields a manifest may have: `true` for anything, `'ignored'` for what only means something on a cluster, a table for what lies
 * inside; `'*'` stands for names that the author chooses, and a list's table describes its entries.
 */
export type Fields = true | 'ignored' | { [name: string]: Fields }

/** Every field of a value that is not in the table, with its place. */
export const checkFields = (
  value: unknown,
  fields: Fields,
  at: (path: readonly (string | number)[]) => string,
  path: readonly (string | number)[] = [],
): Problem[] => {
  if (fields === true || fields === 'ignored' || value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((entry, index) => checkFields(entry, fields, at, [...path, index]))
  if (typeof value !== 'object') return [{ at: at(path), text: `${path.join('.')} must be an object` }]
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = fields[name] ?? fields['*']
    const here = [...path, name]
    if (known !== undefined) return checkFields(inner, known, at, here)
    return [
      {
        at: at(here),
        text: `field ${here.join('.')} is not supported on one machine; remove it or run this manifest on a cluster`,
      },
    ]
  })
}
