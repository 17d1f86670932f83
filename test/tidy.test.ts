import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const longestFile = 400

// Each package imports only what stands before it.
const packageOrder = [
  'errors',
  'contract',
  'config',
  'logging',
  'metrics',
  'telemetry',
  'profiling',
  'health',
  'database',
  'idempotency',
  'eventlog',
  'server',
  'html',
  'testing',
]

// Inside a service, imports point inward.
const arrows: Record<string, readonly string[]> = {
  domain: ['domain'],
  contract: ['contract'],
  ports: ['domain', 'ports', 'contract'],
  app: ['app', 'domain', 'ports', 'contract', 'telemetry'],
  pages: ['pages', 'app', 'ports', 'contract'],
  adapters: ['adapters', 'app', 'contract', 'domain', 'ports', 'pages'],
  config: ['config'],
  telemetry: ['domain', 'contract', 'telemetry'],
  service: ['adapters', 'app', 'config', 'contract', 'domain', 'pages', 'ports', 'telemetry'],
  main: ['config', 'service'],
}

type Source = { path: string; text: string }

const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) => name as string)

const isTest = (path: string): boolean => /\.test\.ts$|-suite\.ts$|\/suite\.ts$/.test(path)

const partOf = (path: string): string => /^services\/[^/]+\/src\/([^/.]+)/.exec(path)?.[1] ?? ''

/** What is wrong with the imports of one file. */
const wrongImports = ({ path, text }: Source): string[] => {
  if (isTest(path)) return []
  const [area = '', name = ''] = path.split('/')
  return importsOf(text).flatMap((imported) => {
    const problem = `${path} imports ${imported}`
    const target = /^@bookinfo\/([^/]+)(\/\w+)?$/.exec(imported)
    if (target) {
      const [, other = '', entry] = target
      const order = packageOrder.indexOf(other)
      const isService = order < 0 && !['console', 'cli'].includes(other)
      if (area === 'packages') return order < 0 || order >= packageOrder.indexOf(name) ? [problem] : []
      if (area === 'services') return isService && other !== name && entry !== '/contract' ? [problem] : []
      if (area === 'runtime' || area === 'console') return isService ? [problem] : []
      return []
    }
    if (area !== 'services' || !imported.startsWith('.')) return []
    const part = partOf(path)
    const wanted = partOf(relative(root, join(root, dirname(path), imported)))
    return arrows[part]?.includes(wanted) ? [] : [problem]
  })
}

/** What is wrong with the text of one file. */
const wrongText = ({ path, text }: Source): string[] => {
  const problems: string[] = []
  const isTool = /^(cli|tools|test)\//.test(path)
  if (text.split('\n').length > longestFile) problems.push(`${path} is longer than ${longestFile} lines`)
  if (!isTool && !isTest(path) && !/config|run\.ts$/.test(path) && text.includes('process.env'))
    problems.push(`${path} reads process.env`)
  if (!isTool && /\bconsole\.(log|error|warn)\(/.test(text)) problems.push(`${path} writes to the console`)
  if (/:\s*any\b|as any\b|@ts-(ignore|expect-error)/.test(text)) problems.push(`${path} gives up on types`)
  if (/\b(test|it|describe)\.(only|todo)\b/.test(text)) problems.push(`${path} narrows or postpones tests`)
  return problems
}

const check = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) => [
    ...wrongImports(source),
    ...(source.path === 'test/tidy.test.ts' ? [] : wrongText(source)),
  ])

test('imports point inward and the code keeps its own rules', () => {
  const paths = globSync(['{packages,services,runtime,console,cli,tools,test}/**/*.ts', 'topology.ts'], {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  })
  assert.ok(paths.length > 100)
  assert.deepEqual(check(paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))), [])
})

test('the check finds what it is there to find', () => {
  const planted: Source[] = [
    { path: 'services/ratings/src/domain.ts', text: "import { x } from './adapters/http.ts'" },
    { path: 'services/ratings/src/app/a.ts', text: "import { x } from '@bookinfo/reviews/service'" },
    { path: 'packages/errors/src/a.ts', text: "import { x } from '@bookinfo/server'" },
    { path: 'runtime/src/a.ts', text: "import { x } from '@bookinfo/ratings/contract'" },
    { path: 'packages/health/src/a.ts', text: 'process.env.X; console.log(1)' },
    { path: 'runtime/src/b.ts', text: 'const x: any = 1' },
  ]
  assert.equal(check(planted).length, 7)
})
