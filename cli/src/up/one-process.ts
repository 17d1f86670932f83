import { join } from 'node:path'
import { readEnv } from '@bookinfo/config'
import { AppError } from '@bookinfo/errors'
import { createLogPublisher } from '@bookinfo/eventlog'
import { openLogFile } from '@bookinfo/logging'
import type { DirectCall } from '@bookinfo/server'
import type { CallService, ServiceControl } from 'sluice'
import type { Arrangement, ArrangementOptions } from './arrangement.ts'
import { builders } from './registry.ts'
import { openRuntime } from './runtime.ts'

/**
 * Everything in this process: services publish straight to the runtime's event log, or to the broker that carries it, and the runtime
 * calls them without sockets.
 */
export const inOneProcess = async ({ setting, environment }: ArrangementOptions): Promise<Arrangement> => {
  let control: ServiceControl | undefined
  const services = (): ServiceControl => {
    if (control === undefined) throw new AppError('unavailable', 'the services are starting')
    return control
  }
  const serviceControl: ServiceControl = {
    list: async () => services().list(),
    stop: async (name) => services().stop(name),
    start: async (name) => services().start(name),
  }
  const calls = new Map<string, DirectCall>()
  const callService: CallService = (service, { method, url, headers, body }) => {
    const { pathname, search } = new URL(url)
    return calls.get(service.replace(/-write$/, ''))?.({
      method,
      path: `${pathname}${search}`,
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      body: Buffer.from(body),
    })
  }
  const runtime = await openRuntime(setting, { serviceControl, callService })
  const publisher = createLogPublisher(runtime.eventLog)
  return {
    publisher,
    launch: async (name) => {
      const build = builders[name]
      if (build === undefined) throw new AppError('notFound', `there is no service ${name}`)
      const log = openLogFile(join(setting.dataDir, 'logs', `${name}.log`))
      const service = await build(readEnv(environment(name)), {
        ...(setting.bus === undefined && { publisher }),
        logDestination: log,
        processMetrics: false,
      })
      await service.listen()
      calls.set(name, service.call)
      return {
        state: () => 'running',
        pid: () => undefined,
        close: async () => {
          calls.delete(name)
          await service.close()
          log.close()
        },
      }
    },
    start: async (given) => {
      control = given
      await runtime.start()
    },
    pids: () => ({}),
    ledger: runtime.ledger,
    close: () => runtime.close(),
  }
}
