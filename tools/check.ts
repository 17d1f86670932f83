import { installed, root, run } from './run.ts'

type Step = { name: string; program: string; args: string[] }

const node = process.execPath
const steps: Step[] = [
  { name: 'types', program: installed('tsc'), args: ['-p', 'tsconfig.json'] },
  { name: 'format', program: installed('biome'), args: ['format', '.'] },
  { name: 'lint', program: installed('oxlint'), args: ['--deny-warnings', '.'] },
  { name: 'dead code', program: installed('knip'), args: ['--no-progress'] },
  { name: 'generated files', program: node, args: ['tools/generate/main.ts', '--check'] },
  { name: 'tidy', program: node, args: ['--test', 'test/tidy.test.ts'] },
]

/** Runs one step and reports it in a line; what it printed is shown when it failed. */
const check = async ({ name, program, args }: Step): Promise<boolean> => {
  const startMs = performance.now()
  const { code, output } = await run(program, args)
  console.log(`${code === 0 ? '✔' : '✖'} ${name} (${((performance.now() - startMs) / 1_000).toFixed(1)} s)`)
  if (code !== 0) console.log(output)
  return code === 0
}

const results: boolean[] = []
for (let index = 0; index < steps.length; index += 2)
  results.push(...(await Promise.all(steps.slice(index, index + 2).map(check))))
if (results.includes(false)) {
  console.log(`something is not right in ${root}`)
  process.exit(1)
}
