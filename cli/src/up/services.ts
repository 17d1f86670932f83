import { AppError } from '@bookinfo/errors'
import type { ServiceControl } from 'sluice'

/** A part of the system that runs: in this process, or in one of its own that is started again whenever it dies. */
export type Running = {
  state(): 'running' | 'starting'
  /** Undefined while it has no process of its own. */
  pid(): number | undefined
  close(): Promise<void>
}

export type Launch = (name: string) => Promise<Running>

/** The services of the system; each can be stopped and started. */
export type Services = ServiceControl & {
  /** Those that have processes of their own. */
  pids(): Record<string, number>
  closeAll(): Promise<void>
}

/** Starts the named services side by side; `onChange` hears when one was stopped or started. */
export const startServices = async (options: {
  names: readonly string[]
  all: readonly string[]
  launch: Launch
  onChange(): void
}): Promise<Services> => {
  const { names, all, launch, onChange } = options
  const running = new Map<string, Running>()
  const last = new Map<string, Promise<unknown>>()
  /** What is asked of one service is done one after another. */
  const inTurn = (name: string, work: () => Promise<void>): Promise<void> => {
    if (!all.includes(name)) throw new AppError('notFound', `there is no service ${name}`)
    const turn = (last.get(name) ?? Promise.resolve()).catch(() => {}).then(work)
    last.set(name, turn)
    return turn.finally(onChange)
  }
  const closeAll = async () => {
    await Promise.all([...running.values()].map((service) => service.close()))
    running.clear()
  }
  const launched = await Promise.allSettled(names.map(async (name) => running.set(name, await launch(name))))
  const failure = launched.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await closeAll()
    throw failure.reason
  }
  return {
    list: async () => all.map((name) => ({ name, state: running.get(name)?.state() ?? ('stopped' as const) })),
    stop: async (name) =>
      inTurn(name, async () => {
        await running.get(name)?.close()
        running.delete(name)
      }),
    start: async (name) =>
      inTurn(name, async () => {
        if (!running.has(name)) running.set(name, await launch(name))
      }),
    pids: () => pidsOf([...running]),
    closeAll,
  }
}

/** The ids of those that have processes. */
export const pidsOf = (parts: [string, Running | undefined][]): Record<string, number> =>
  Object.fromEntries(
    parts.flatMap(([name, part]) => {
      const pid = part?.pid()
      return pid === undefined ? [] : [[name, pid]]
    }),
  )
