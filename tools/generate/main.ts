import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { topology } from '../../topology.ts'
import { generatedFiles } from './files.ts'

const root = join(import.meta.dirname, '..', '..')
const isCheck = process.argv.includes('--check')

const stale = [...generatedFiles(topology)].filter(([path, content]) => {
  const file = join(root, path)
  return !existsSync(file) || readFileSync(file, 'utf8') !== content
})

if (isCheck) {
  for (const [path] of stale) console.error(`${path} is not current: run npm run generate`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [path, content] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    console.log(`wrote ${path}`)
  }
}
