import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const pollMs = 10

/** The running server that owns a data directory, by its lock file; a lock file that a crash left behind is removed. */
export const runningPostmaster = (dataDir: string): number | undefined => {
  const file = join(dataDir, 'postmaster.pid')
  const pid = Number(readText(file)?.split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (isAlive(pid) && isPostgres(pid)) return pid
  rmSync(file, { force: true })
  return undefined
}

/** Whether a process of this id exists. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// Process ids are used again; where the system tells the command, it must be a server.
const isPostgres = (pid: number): boolean => readText(`/proc/${pid}/cmdline`)?.includes('postgres') ?? true

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Resolves with true when the server answers within the limit, with false when not or when `gaveUp` says so. */
export const answers = async (
  socketDir: string,
  options: { limitMs: number; gaveUp?: () => boolean },
): Promise<boolean> => {
  const deadline = Date.now() + options.limitMs
  while (Date.now() < deadline && !options.gaveUp?.()) {
    const client = new pg.Client({
      host: socketDir,
      user: 'postgres',
      database: 'postgres',
      connectionTimeoutMillis: 2_000,
    })
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      await client.end().catch(() => {})
      await delay(pollMs)
    }
  }
  return false
}

const fastLimitMs = 10_000
const immediateLimitMs = 5_000

/** Ends a server: fast shutdown first, an immediate one when that takes too long. */
export const stopPostmaster = async (pid: number): Promise<void> => {
  signal(pid, 'SIGINT')
  if (await gone(pid, fastLimitMs)) return
  endNow(pid)
  await gone(pid, immediateLimitMs)
}

/** An immediate shutdown: what was committed is there after the recovery of the next start. */
export const endNow = (pid: number): void => signal(pid, 'SIGQUIT')

const watchPollMs = 200

/** Resolves when a server that is not our child has ended; keeps no process alive for that. */
export const untilGone = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await delay(watchPollMs, undefined, { ref: false })
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}

const gone = async (pid: number, limitMs: number): Promise<boolean> => {
  const deadline = Date.now() + limitMs
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await delay(pollMs)
  }
  return true
}
