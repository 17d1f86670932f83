import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '@bookinfo/testing'
import { planAddresses } from '../../cli/src/up/addresses.ts'
import type { Pids } from '../../cli/src/up/pids.ts'
import { topology } from '../../topology.ts'
import { createWitness } from './witness.ts'

const root = join(import.meta.dirname, '..', '..')
// As npm start does.
const compiled = join(root, 'node_modules', '.cache', 'compiled')
const readyLimitMs = 90_000

/** The command as a person runs it, in a process of its own. */
export type Run = {
  child: ChildProcess
  output(): string
  ready(): Promise<unknown>
  ended: Promise<number | null>
  gateway: string
  operator: string
  token(): string
  pids(): Pids
}

/** Runs `npm start` without npm: ports at the offset, no books. */
export const runUp = (
  dataDir: string,
  portOffset: number,
  options: { args?: string[]; env?: NodeJS.ProcessEnv; uid?: number; gid?: number } = {},
): Run => {
  const { args = [], env = process.env, ...ids } = options
  const up = ['up', '--data', dataDir, '--port-offset', String(portOffset), '--books', '0', ...args]
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'cli/src/main.ts'), ...up]
  const child = spawn(process.execPath, program, { cwd: root, env: { NODE_COMPILE_CACHE: compiled, ...env }, ...ids })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const { gateway, operator } = planAddresses(topology, portOffset)
  return {
    child,
    output: () => output,
    ready: () =>
      waitFor(
        'a start',
        () => {
          if (child.exitCode !== null) throw new Error(`it ended before it was ready: ${output}`)
          return /^ready in \d+\.\d s$/m.test(output)
        },
        { limitMs: readyLimitMs },
      ),
    ended,
    gateway,
    operator,
    token: () => readFileSync(join(dataDir, 'operator-token'), 'utf8').trim(),
    pids: () => JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')) as Pids,
  }
}

/** A witness of every run with this data folder and these ports. */
export const witnessOf = (dataDir: string, portOffset: number) => {
  const { gateway, operator, services } = planAddresses(topology, portOffset)
  const { notification = '', dlqueue = '' } = services
  const token = () => readFileSync(join(dataDir, 'operator-token'), 'utf8').trim()
  return createWitness({ gateway, operator, notification, dlqueue, token })
}

/** Whether a process exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
