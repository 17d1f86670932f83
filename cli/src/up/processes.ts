import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@bookinfo/errors'
import type { LedgerReport } from 'sluice'
import type { Arrangement, ArrangementOptions } from './arrangement.ts'
import { type Call, createCalls } from './calls.ts'
import { type Child, keepRunning, spawnChild } from './child.ts'
import { root } from './runtime.ts'
import { pidsOf, type Running } from './services.ts'

const startLimitMs = 30_000
const pollMs = 20

/** Each service and the runtime in a process of its own, as in production; this process only looks after them. */
export const inProcesses = async (options: ArrangementOptions): Promise<Arrangement> => {
  const { setting, environment, report, onChange } = options
  const { dataDir } = setting
  const spawnPart = (name: string, main: string, env: Record<string, string>) =>
    spawnChild({ main: join(root, main), dataDir, env, logFile: join(dataDir, 'logs', `${name}.log`) })
  let call: Call = async () => {
    throw new AppError('unavailable', 'the runtime has not started')
  }
  let runtime: Running | undefined
  return {
    publisher: { publish: async (events) => void (await call('publish', events)), close: async () => {} },
    launch: (name) =>
      keepRunning({
        name,
        report,
        onChange,
        start: async (signal) => {
          const env = environment(name)
          const child = spawnPart(name, join('services', name, 'src', 'main.ts'), env)
          const isReady = answers(`http://${env.HTTP_HOST}:${env.ADMIN_PORT}/readyz`)
          return untilReady({ name, child, isReady, signal })
        },
      }),
    start: async (control) => {
      runtime = await keepRunning({
        name: 'sluice',
        report,
        onChange,
        start: async (signal) => {
          const child = spawnPart('sluice', 'cli/src/up/runtime-main.ts', {})
          call = createCalls(child.process, {
            list: () => control.list(),
            stop: (name: string) => control.stop(name),
            start: (name: string) => control.start(name),
          })
          let isStarted = false
          let problem: Error | undefined
          call('open', setting).then(
            () => (isStarted = true),
            (error) => (problem = error),
          )
          const isReady = async () => {
            if (problem !== undefined) throw problem
            return isStarted
          }
          return untilReady({ name: 'sluice', child, isReady, signal })
        },
      })
    },
    pids: () => pidsOf([['sluice', runtime]]),
    ledger: async () => (await call('ledger')) as LedgerReport,
    close: async () => {
      const ledger = await call('close').catch(() => undefined)
      await runtime?.close()
      return ledger as LedgerReport | undefined
    },
  }
}

const answers = (url: string) => (): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

const untilReady = async (options: {
  name: string
  child: Child
  isReady(): Promise<boolean>
  signal: AbortSignal
}): Promise<Child> => {
  const { name, child, isReady, signal } = options
  let hasEnded = false
  void child.ended.then(() => {
    hasEnded = true
  })
  const deadline = performance.now() + startLimitMs
  try {
    while (performance.now() < deadline && !hasEnded && !signal.aborted) {
      if (await isReady()) return child
      await delay(pollMs)
    }
    throw new AppError('unavailable', `${name} did not start; its log says why`)
  } catch (error) {
    child.process.kill('SIGKILL')
    throw error
  }
}
