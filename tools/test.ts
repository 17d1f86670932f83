import { globSync } from 'node:fs'
import { needs } from './needs.ts'
import { root, run } from './run.ts'

// Files of two processors: more at once only makes every one of them slow.
const concurrency = 2
const fileTimeoutMs = 180_000

const args = process.argv.slice(2)
const isAll = args.includes('--all')
const filters = args.filter((arg) => !arg.startsWith('--'))

const kindOf = (file: string): string | undefined => /\.(\w+)\.test\.ts$/.exec(file)?.[1]

const missing = isAll ? needs.filter(({ isThere }) => !isThere()) : []
for (const { name, install } of missing) console.error(`tests with ${name} need it: ${install}`)
if (missing.length > 0) process.exit(1)

const special = new Set(needs.map(({ kind }) => kind))
const files = globSync('**/*.test.ts', { cwd: root, exclude: (name) => name === 'node_modules' || name === '.data' })
  .filter((file) => isAll || !special.has(kindOf(file) ?? ''))
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort()

const settings = [`--test-concurrency=${concurrency}`, `--test-timeout=${fileTimeoutMs}`, '--test-reporter=spec']
const { code } = await run(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', '--test', ...settings, ...files],
  { prints: true },
)
process.exit(code)
