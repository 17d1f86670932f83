import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { commandOf, isAlive, readText } from './proc.ts'

export type Pids = Record<string, number>

const fileOf = (dataDir: string): string => join(dataDir, 'processes.json')
const endLimitMs = 5_000
const pollMs = 10

/** Writes which processes run, for the next start and for whoever wants to see or to end one: `processes.json`. */
export const writePids = (dataDir: string, pids: Pids): void => {
  const file = fileOf(dataDir)
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(pids, undefined, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch {
    // The folder was deleted or is full: the database's supervisor says so, and nothing depends on this file while we run.
  }
}

/** Ends what an earlier run, that was killed, left behind with this data folder; the database is taken over instead. */
export const endLeftBehind = async (dataDir: string): Promise<void> => {
  const left = Object.entries(readPids(dataDir)).flatMap(([name, pid]) =>
    name !== 'postgres' && isAlive(pid) && commandOf(pid).includes(dataDir) && pid !== process.pid ? [pid] : [],
  )
  for (const pid of left) process.kill(pid, 'SIGKILL')
  const deadline = performance.now() + endLimitMs
  while (left.some(isAlive) && performance.now() < deadline) await delay(pollMs)
}

const readPids = (dataDir: string): Pids => {
  try {
    return JSON.parse(readText(fileOf(dataDir))) as Pids
  } catch {
    return {}
  }
}
