import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '@bookinfo/errors'
import type { Running } from './services.ts'

const stopLimitMs = 20_000
const firstPauseMs = 50
const longestPauseMs = 10_000
// Who lived this long begins again with the shortest pause.
const steadyMs = 10_000

/** A process of ours: it has a channel to us, and ends when that ends, so that it never outlives us. */
export type Child = { process: ChildProcess; ended: Promise<string>; stop(): Promise<void> }

/** Spawns a program in a process group of its own, so that Ctrl-C in a terminal reaches us and not it. */
export const spawnChild = (options: {
  main: string
  /** Shown in the list of processes, and tells the next start that it is ours. */
  dataDir: string
  env: Record<string, string>
  logFile: string
}): Child => {
  const log = openSync(options.logFile, 'a')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', options.main, options.dataDir], {
    env: { ...pick(process.env, ['PATH', 'NODE_COMPILE_CACHE']), ...options.env },
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
    serialization: 'advanced',
  })
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
  return { process: child, ended, stop: () => stop(child, ended) }
}

const pick = (env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))

const stop = async (child: ChildProcess, ended: Promise<unknown>): Promise<void> => {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
  await ended
  clearTimeout(timer)
}

type Options = {
  name: string
  /** Spawns it and waits until it answers; rejects when it ended before or the signal aborted. */
  start(signal: AbortSignal): Promise<Child>
  report(line: string): void
  /** Its process id has changed. */
  onChange(): void
}

/** Starts a process and starts it again whenever it dies, after pauses that grow while it keeps dying. Rejects when the first start fails. */
export const keepRunning = async ({ name, start, report, onChange }: Options): Promise<Running> => {
  const stopping = new AbortController()
  const { signal } = stopping
  let child: Child | undefined = await start(signal)
  let pauseMs = firstPauseMs
  let saidLast = ''
  const say = (line: string) => {
    if (line !== saidLast) report(line)
    saidLast = line
  }
  const startAgain = async (): Promise<Child | undefined> => {
    while (!signal.aborted) {
      await delay(pauseMs, undefined, { signal }).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      try {
        return await start(signal)
      } catch (error) {
        if (!signal.aborted) say(`${describeError(error)}; trying again`)
      }
    }
    return undefined
  }
  const keep = async () => {
    while (child !== undefined) {
      const startMs = performance.now()
      const reason = await child.ended
      child = undefined
      if (signal.aborted) return
      onChange()
      if (performance.now() - startMs > steadyMs) [pauseMs, saidLast] = [firstPauseMs, '']
      say(`${name} ended (${reason}); starting it again`)
      child = await startAgain()
      onChange()
      if (signal.aborted) await child?.stop()
    }
  }
  const keeping = keep()
  return {
    pid: () => child?.process.pid,
    state: () => (child === undefined ? 'starting' : 'running'),
    close: async () => {
      stopping.abort()
      await child?.stop()
      await keeping
    },
  }
}
