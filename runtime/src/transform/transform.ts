import { AppError } from '@bookinfo/errors'
import type { CloudEvent } from '../event.ts'
import { dataObject } from '../json/data-object.ts'
import type { Transform } from '../manifest/types.ts'
import { loadScripts } from '../scripts/load.ts'
import { toOutput } from '../scripts/output.ts'
import { toGoJson } from '../values/go-json.ts'

/**
 * Prepares what a dependency makes of an event's data before its filters see it (argo-events.md 4.3): a jq program, else a Lua script.
 * Throws `invalid` for a mistake in it, as the transform does when it fails; the data is written again as Go writes it.
 */
export const compileTransform = ({ jq, script }: Transform): ((event: CloudEvent) => CloudEvent) => {
  const change = jq ? compileJqTransform(jq) : script ? compileLuaTransform(script) : undefined
  if (change === undefined) return (event) => event
  return (event) => (event.data === null ? event : { ...event, data: change(event.data) })
}

const compileJqTransform = (program: string) => {
  const run = loadScripts().compileJq(program)
  return (data: string): string => {
    // No object at all is an empty one to the program, and itself when the program gives it back.
    const given = dataObject(data)
    const input = given ?? {}
    const output = run(input)
    if (typeof output !== 'object' || output === null || Array.isArray(output))
      throw new AppError('invalid', 'jq: the output is not an object')
    return toGoJson(toOutput(output === input ? given : output))
  }
}

const compileLuaTransform = (script: string) => {
  const run = loadScripts().compileLua(script)
  return (data: string): string => {
    const output = run(dataObject(data) ?? {})
    if (typeof output !== 'object' || output === null)
      throw new AppError('invalid', 'script: what it returns is not a table')
    return toGoJson(toOutput(output))
  }
}
