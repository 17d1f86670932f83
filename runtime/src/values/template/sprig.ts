import type { Functions } from './functions.ts'
import { dateFunctions } from './sprig/dates.ts'
import { encodingFunctions } from './sprig/encoding.ts'
import { flowFunctions } from './sprig/flow.ts'
import { listFunctions } from './sprig/lists.ts'
import { mapFunctions } from './sprig/maps.ts'
import { numberFunctions } from './sprig/numbers.ts'
import { pathFunctions } from './sprig/paths.ts'
import { regexFunctions } from './sprig/regex.ts'
import { semverFunctions } from './sprig/semver.ts'
import { stringFunctions } from './sprig/strings.ts'

/** Sprig, without what reads the environment or the network, and what makes keys, certificates and password hashes. */
export const sprigFunctions: Functions = {
  ...stringFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...mapFunctions,
  ...flowFunctions,
  ...encodingFunctions,
  ...dateFunctions,
  ...regexFunctions,
  ...semverFunctions,
  ...pathFunctions,
}
