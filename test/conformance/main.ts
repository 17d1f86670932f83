import { carriedCases, readCases } from './cases.ts'
import { runCases } from './run.ts'

const { failures, groups } = await runCases(readCases(process.argv[2] ?? carriedCases))
for (const { id, wanted, got } of failures) console.log(`${id}: wanted ${wanted}, got ${got}`)
for (const [group, { passed, failed }] of groups) console.log(`${group}: ${passed} passed, ${failed} failed`)
const passed = [...groups.values()].reduce((sum, counts) => sum + counts.passed, 0)
console.log(`${passed} passed, ${failures.length} failed`)
process.exit(failures.length === 0 ? 0 : 1)
