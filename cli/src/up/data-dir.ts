import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@bookinfo/errors'

const formatVersion = '1'

/** A data folder that belongs to this process until it is released. */
export type DataDir = { path: string; token: string; release(): void }

/** Takes the data folder: makes it when needed, refuses one that is in use or of another format. */
export const takeDataDir = (path: string, { fresh }: { fresh: boolean }): DataDir => {
  try {
    mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('unavailable', `cannot write to ${path}: choose another folder with --data DIR`, { cause })
  }
  const lock = join(path, 'lock')
  takeLock(path, lock)
  if (fresh)
    for (const name of ['pg', 'format', 'operator-token']) rmSync(join(path, name), { recursive: true, force: true })
  checkFormat(path)
  return { path, token: readToken(join(path, 'operator-token')), release: () => rmSync(lock, { force: true }) }
}

const takeLock = (path: string, lock: string): void => {
  for (;;) {
    try {
      const file = openSync(lock, 'wx', 0o600)
      writeSync(file, String(process.pid))
      return closeSync(file)
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code
      if (code !== 'EEXIST')
        throw new AppError('unavailable', `cannot write to ${path}: choose another folder with --data DIR`, { cause })
      const pid = Number(readFileSync(lock, 'utf8'))
      if (isRunning(pid))
        throw new AppError('conflict', `Bookinfo is running already with the data in ${path} (process ${pid})`)
      rmSync(lock, { force: true })
    }
  }
}

const isRunning = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const checkFormat = (path: string): void => {
  const file = join(path, 'format')
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  if (found !== undefined && found !== formatVersion) {
    throw new AppError(
      'conflict',
      `the data in ${path} has format ${found}, this version reads ${formatVersion}: start with --fresh or another --data DIR`,
    )
  }
  writeFileSync(file, `${formatVersion}\n`)
}

const readToken = (file: string): string => {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const token = randomBytes(32).toString('base64url')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}
