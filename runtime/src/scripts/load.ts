import { createRequire } from 'node:module'
import type { compileJq } from './jq.ts'
import type { compileLua } from './lua.ts'

type Scripts = { compileLua: typeof compileLua; compileJq: typeof compileJq }

const require = createRequire(import.meta.url)

/** The engines of scripts. They are loaded when the first manifest uses one: nobody else waits for them. */
export const loadScripts = (): Scripts => ({
  compileLua: (text) => require('./lua.ts').compileLua(text),
  compileJq: (program) => require('./jq.ts').compileJq(program),
})
