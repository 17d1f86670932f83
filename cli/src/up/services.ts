import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readEnv } from '@bookinfo/config'
import { AppError } from '@bookinfo/errors'
import type { Publisher } from '@bookinfo/eventlog'
import { openLogFile } from '@bookinfo/logging'
import type { DirectCall } from '@bookinfo/server'
import type { CallService, ServiceControl } from 'sluice'
import { builders } from './registry.ts'

/** A service that runs here: in this process, where it can be called directly, or in one of its own. */
type Running = { close(): Promise<void>; call?: DirectCall }

type Launch = (name: string) => Promise<Running>

/** The services of the system; each can be stopped and started. */
export type Services = ServiceControl & { call: CallService; closeAll(): Promise<void> }

/** Starts the named services side by side. */
export const startServices = async (
  names: readonly string[],
  all: readonly string[],
  launch: Launch,
): Promise<Services> => {
  const running = new Map<string, Running>()
  const known = (name: string) => {
    if (!all.includes(name)) throw new AppError('notFound', `there is no service ${name}`)
  }
  const launched = await Promise.allSettled(names.map(async (name) => running.set(name, await launch(name))))
  const failure = launched.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await Promise.all([...running.values()].map((service) => service.close()))
    throw failure.reason
  }
  return {
    list: () => all.map((name) => ({ name, state: running.has(name) ? ('running' as const) : ('stopped' as const) })),
    stop: async (name) => {
      known(name)
      const service = running.get(name)
      running.delete(name)
      await service?.close()
    },
    start: async (name) => {
      known(name)
      if (!running.has(name)) running.set(name, await launch(name))
    },
    call: (service, { method, url, headers, body }) => {
      const { pathname, search } = new URL(url)
      return running.get(service.replace(/-write$/, ''))?.call?.({
        method,
        path: `${pathname}${search}`,
        headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
        body: Buffer.from(body),
      })
    },
    closeAll: async () => {
      await Promise.all([...running.values()].map((service) => service.close()))
    },
  }
}

/** Runs services in this process; they publish through its own event log. */
export const launchInProcess =
  (options: { environment: (name: string) => Record<string, string>; publisher: Publisher; logsDir: string }): Launch =>
  async (name) => {
    const build = builders[name]
    if (build === undefined) throw new AppError('notFound', `there is no service ${name}`)
    const log = openLogFile(join(options.logsDir, `${name}.log`))
    const service = await build(readEnv(options.environment(name)), {
      publisher: { ...options.publisher, close: async () => {} },
      logDestination: log,
      processMetrics: false,
    })
    await service.listen()
    return {
      call: service.call,
      close: async () => {
        await service.close()
        log.close()
      },
    }
  }

const startLimitMs = 30_000
const stopLimitMs = 20_000
const pollMs = 20

/** Runs each service as a process of its own, as in production. */
export const launchProcess =
  (options: { environment: (name: string) => Record<string, string>; root: string; logsDir: string }): Launch =>
  async (name) => {
    const env = options.environment(name)
    const log = openSync(join(options.logsDir, `${name}.log`), 'a')
    const main = join(options.root, 'services', name, 'src', 'main.ts')
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', log, log],
    })
    await answering(name, child, `http://${env.HTTP_HOST}:${env.ADMIN_PORT}/readyz`)
    return { close: () => stopProcess(child) }
  }

const answering = async (name: string, child: ChildProcess, url: string): Promise<void> => {
  const deadline = Date.now() + startLimitMs
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await delay(pollMs)
  }
  child.kill('SIGKILL')
  throw new AppError('unavailable', `service ${name} did not start; its log says why`)
}

const stopProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
  await ended
  clearTimeout(timer)
}
