import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@bookinfo/errors'
import { isAlive, readText } from './proc.ts'

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
  const owner = describeProcess(process.pid)
  takeLock(path, lock, owner)
  const release = () => {
    if (readText(lock) === owner) rmSync(lock, { force: true })
  }
  try {
    if (fresh) for (const name of ['format', 'operator-token']) rmSync(join(path, name), { force: true })
    checkFormat(path)
    return { path, token: readToken(join(path, 'operator-token')), release }
  } catch (error) {
    release()
    throw error
  }
}

const takeLock = (path: string, lock: string, owner: string): void => {
  for (;;) {
    try {
      return writeFileSync(lock, owner, { flag: 'wx', mode: 0o600 })
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code
      if (code !== 'EEXIST')
        throw new AppError('unavailable', `cannot write to ${path}: choose another folder with --data DIR`, { cause })
      const holder = readText(lock)
      const pid = Number.parseInt(holder, 10)
      if (pid !== process.pid && isAlive(pid) && describeProcess(pid) === holder)
        throw new AppError(
          'conflict',
          `Bookinfo is running already with the data in ${path} (process ${pid}): stop it, or choose another folder with --data DIR`,
        )
      rmSync(lock, { force: true })
    }
  }
}

/** The id with the time of its start: ids are used again, after a restart of the machine even soon. */
const describeProcess = (pid: number): string => {
  // proc(5): the program's name stands in parentheses, and the start time is the 20th field after it.
  const startTime = readText(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? ''
  return `${pid} ${startTime}`.trim()
}

const checkFormat = (path: string): void => {
  const file = join(path, 'format')
  const found = readText(file).trim()
  if (found !== '' && found !== formatVersion) {
    throw new AppError(
      'conflict',
      `the data in ${path} has format ${found}, this version reads ${formatVersion}: start with --fresh or another --data DIR`,
    )
  }
  writeFileSync(file, `${formatVersion}\n`)
}

const readToken = (file: string): string => {
  const kept = readText(file).trim()
  if (kept !== '') return kept
  const token = randomBytes(32).toString('base64url')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}
