import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export type Assets = { style: string; script: string; htmx: string; version: string }

const require = createRequire(import.meta.url)

/** The page's own files and htmx, read once; the version changes when any of them does. */
export const readAssets = async (): Promise<Assets> => {
  const own = (name: string) => readFile(new URL(`../../public/${name}`, import.meta.url), 'utf8')
  const [style, script, htmx] = await Promise.all([
    own('styles.css'),
    own('app.js'),
    readFile(require.resolve('htmx.org/dist/htmx.min.js'), 'utf8'),
  ])
  const version = createHash('sha256').update(style).update(script).update(htmx).digest('hex').slice(0, 10)
  return { style, script, htmx, version }
}
