import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AppError } from '@bookinfo/errors'

// The kernel allows 107 bytes for a socket's path, and the socket's own name takes some.
const socketFolderMaxBytes = 85
const majorVersion = '18'

/** Makes the folder above the data, or says clearly why that cannot be done. */
export const prepareParent = (dataDir: string): void => {
  const parent = dirname(dataDir)
  try {
    mkdirSync(parent, { recursive: true })
    accessSync(parent, constants.W_OK)
  } catch (cause) {
    throw new AppError('unavailable', `cannot write to ${parent}: choose another folder with --data DIR`, { cause })
  }
}

/** Whether the data directory is there. */
export const hasData = (dataDir: string): boolean => existsSync(join(dataDir, 'PG_VERSION'))

/** Whether the data directory is complete; data of another PostgreSQL version is an error. */
export const isInitialised = (dataDir: string): boolean => {
  if (!hasData(dataDir)) return false
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (version === majorVersion) return true
  throw new AppError(
    'conflict',
    `${dataDir} was made by PostgreSQL ${version}, this is ${majorVersion}: start with --fresh or another --data DIR`,
  )
}

/** A folder for the socket, private to us and short enough: beside the data, else in the temporary folder. */
export const socketFolder = (dataDir: string): string => {
  const beside = join(dirname(dataDir), 'run')
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 10)
  const folder = Buffer.byteLength(beside) <= socketFolderMaxBytes ? beside : join(tmpdir(), `bookinfo-${hash}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
