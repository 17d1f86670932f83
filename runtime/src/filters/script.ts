import type { CloudEvent } from '../event.ts'
import { dataObject } from '../json/data-object.ts'
import { loadScripts } from '../scripts/load.ts'
import type { GroupVerdict } from './filter.ts'

/** Prepares a filter in Lua: the event goes on when the script, given its data, returns `true`. */
export const compileScriptFilter = (script: string) => {
  const run = compile(script)
  return ({ data }: CloudEvent): GroupVerdict => {
    if (data === null) return { pass: true, reason: 'there is no data' }
    try {
      const pass = run(dataObject(data) ?? {}) === true
      return { pass, reason: `the script ${pass ? 'returned' : 'did not return'} true` }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { pass: false, error: message, reason: message }
    }
  }
}

const compile = (script: string): ((data: Record<string, unknown>) => unknown) => {
  try {
    return loadScripts().compileLua(script)
  } catch (error) {
    return () => {
      throw error
    }
  }
}
