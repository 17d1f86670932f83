import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export type Assets = { style: string; script: string; htmx: string; icon: string; version: string }

const require = createRequire(import.meta.url)
const sheets = ['base', 'site', 'catalogue', 'book', 'forms', 'media']

/** The page's own files and htmx, read once; the version changes when any of them does. */
export const readAssets = async (): Promise<Assets> => {
  const own = (name: string) => readFile(new URL(`../../public/${name}`, import.meta.url), 'utf8')
  const [script, icon, htmx, ...styles] = await Promise.all([
    own('app.js'),
    own('icon.svg'),
    readFile(require.resolve('htmx.org/dist/htmx.min.js'), 'utf8'),
    ...sheets.map((sheet) => own(`styles/${sheet}.css`)),
  ])
  const files = { style: styles.join('\n'), script, htmx, icon }
  const hash = createHash('sha256')
  for (const text of Object.values(files)) hash.update(text)
  return { ...files, version: hash.digest('hex').slice(0, 10) }
}
