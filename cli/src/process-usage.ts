import { readdirSync, readFileSync } from 'node:fs'

/** What a group of processes has used so far. */
export type Usage = { cpuMs: number; megabytes: number }

/** A product's processes, told apart by program. */
export type ProductUsage = { node: Usage; postgres: Usage }

const ticksPerSecond = 100

/**
 * CPU time and memory (proportional share, so that shared pages count once) of a process and everything below it. Undefined where the
 * system has no `/proc`.
 */
export const readUsage = (pid: number): ProductUsage | undefined => {
  const processes = listProcesses()
  if (processes === undefined) return undefined
  const wanted = new Set([pid])
  for (let size = 0; size !== wanted.size; ) {
    size = wanted.size
    for (const one of processes) if (wanted.has(one.parent)) wanted.add(one.pid)
  }
  const usage: ProductUsage = { node: { cpuMs: 0, megabytes: 0 }, postgres: { cpuMs: 0, megabytes: 0 } }
  for (const one of processes.filter((candidate) => wanted.has(candidate.pid))) {
    const group = usage[one.program.startsWith('postgres') ? 'postgres' : 'node']
    group.cpuMs += one.cpuMs
    group.megabytes += megabytesOf(one.pid)
  }
  return usage
}

type Process = { pid: number; parent: number; program: string; cpuMs: number }

const listProcesses = (): Process[] | undefined => {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readProcess(Number(name)) ?? [])
  } catch {
    return undefined
  }
}

/** proc(5): the program stands in parentheses, then state, parent, …; user, system and waited-for children's time are fields 14 to 17. */
const readProcess = (pid: number): Process | undefined => {
  const text = read(`/proc/${pid}/stat`)
  const match = /^\d+ \((.*)\) (.*)$/s.exec(text)
  if (match === null) return undefined
  const fields = (match[2] as string).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return { pid, parent: Number(fields[1]), program: match[1] as string, cpuMs: (ticks / ticksPerSecond) * 1_000 }
}

const megabytesOf = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1_024

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
