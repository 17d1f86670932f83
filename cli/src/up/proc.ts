import { readFileSync } from 'node:fs'

/** Whether a process of this id exists. */
export const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A file's text; empty when it cannot be read, as everything under `/proc` on systems without it. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** The words of a process's command, as far as the system tells. */
export const commandOf = (pid: number): string[] => readText(`/proc/${pid}/cmdline`).split('\0').slice(0, -1)
