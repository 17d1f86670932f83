import { installed, run } from './run.ts'

const { code } = await run(installed('biome'), ['format', '--write', '.'], { prints: true })
process.exit(code)
