import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Product } from '../../cli/src/product.ts'

/** Something that breaks, and how it is whole again. Resolves when the worst is over; what was killed may still be starting. */
export type Fault = { name: string; inflict(product: Product): Promise<void> }

/** Kills a part with `kill -9`; whoever looks after it starts it again. */
export const killed = (part: string): Fault => ({
  name: `kill -9 ${part}`,
  inflict: async (product) => signal(pidOf(product, part), 'SIGKILL'),
})

/** Stops a part, with its children, with SIGSTOP for a while. */
export const frozen = (part: string, { durationMs }: { durationMs: number }): Fault => ({
  name: `SIGSTOP ${part} for ${durationMs} ms`,
  inflict: async (product) => {
    const pids = familyOf(pidOf(product, part))
    for (const pid of pids) signal(pid, 'SIGSTOP')
    await delay(durationMs)
    for (const pid of pids) signal(pid, 'SIGCONT')
  },
})

/** Stops a service as an operator would, and starts it again after a while. */
export const stopped = (service: string, { durationMs }: { durationMs: number }): Fault => ({
  name: `stop ${service} for ${durationMs} ms`,
  inflict: async (product) => {
    await product.control(service, 'stop')
    await delay(durationMs)
    await product.control(service, 'start')
  },
})

const pidOf = (product: Product, part: string): number => {
  const pid = product.pids()[part]
  if (pid === undefined)
    throw new Error(`there is no process ${part}; there are ${Object.keys(product.pids()).join(', ')}`)
  return pid
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile, which is what happens to processes here.
  }
}

const familyOf = (pid: number): number[] => {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))]
}

const parentOf = (pid: string): number | undefined => {
  try {
    return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    return undefined
  }
}
