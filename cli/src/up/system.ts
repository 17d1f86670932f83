import { join } from 'node:path'
import { createOperatorPage } from '@bookinfo/console'
import { createDatabase, createPool, startEmbedded } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { createLogPublisher } from '@bookinfo/eventlog'
import { createLogger, openLogFile } from '@bookinfo/logging'
import { createMetrics } from '@bookinfo/metrics'
import { createRuntime, type LedgerReport, loadManifests, type Runtime } from 'sluice'
import { topology } from '../../../topology.ts'
import { type Addresses, planAddresses } from './addresses.ts'
import { takeDataDir } from './data-dir.ts'
import { allowedHosts, localEnvironment } from './environment.ts'
import type { UpOptions } from './options.ts'
import { launchInProcess, launchProcess, type Services, startServices } from './services.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const runtimeConnectionsMax = 12

/** The whole system, running. */
export type System = {
  addresses: Addresses
  token: string
  runtime: Runtime
  services: Services
  /** Takes nothing new, drains, stops the database, and tells how every delivery stands. */
  close(): Promise<LedgerReport>
}

/** Starts the whole system on its embedded database; what fails on the way is undone. */
export const startSystem = async (options: UpOptions, report: (line: string) => void = () => {}): Promise<System> => {
  const names = topology.services.map(({ definition }) => definition.name)
  const unknown = options.without.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new AppError('invalid', `--without ${unknown}: there is no such service; there are ${names.join(', ')}`)
  const data = takeDataDir(options.dataDir, options)
  const undo: (() => Promise<unknown>)[] = [async () => data.release()]
  try {
    const database = await startEmbedded({
      dataDir: join(data.path, 'pg'),
      onRestart: (reason) => report(`${reason}; starting it again`),
    })
    undo.push(() => database.stop())
    if (database.reused) report('took over the database that an earlier run left behind')
    await createDatabases(database.url, names)
    const pool = createPool({ url: database.url('sluice'), max: runtimeConnectionsMax, applicationName: 'sluice' })
    undo.push(() => pool.end())

    const addresses = planAddresses(topology, options.portOffset)
    const manifests = loadManifests([join(root, 'deploy', 'local')])
    const logsDir = join(data.path, 'logs')
    const log = openLogFile(join(logsDir, 'sluice.log'))
    const control: { services?: Services } = {}
    const services = (): Services => {
      if (control.services === undefined) throw new AppError('unavailable', 'the services are starting')
      return control.services
    }
    const runtime = await createRuntime({
      manifests,
      database: pool,
      services: addresses.services,
      callService: (name, request) => control.services?.call(name, request),
      gateway: { host: addresses.host, port: addresses.ports.gateway },
      webhooks: { host: addresses.host, portOffset: options.portOffset },
      operator: {
        host: addresses.host,
        port: addresses.ports.operator,
        token: data.token,
        serviceControl: {
          list: () => services().list(),
          stop: (name) => services().stop(name),
          start: (name) => services().start(name),
        },
        fallback: createOperatorPage({
          token: data.token,
          runtimeUrl: addresses.operator,
          dlqueueUrl: addresses.services.dlqueue as string,
        }),
      },
      allowedHosts,
      ...(options.bus && { bus: options.bus }),
      sharesLogs: options.processes,
      logger: createLogger({ service: 'sluice', level: 'info', destination: log }),
      metrics: createMetrics({ process: true }),
    })
    report(
      options.bus
        ? `the EventBus and topics are carried by ${options.bus.kind} at ${options.bus.address}`
        : `the EventBus and topics at *.svc.cluster.local are carried by the embedded log in ${data.path}`,
    )
    const setting = { addresses, storage: options.storage, databaseUrl: database.url, operatorToken: data.token }
    const environment = (name: string) => localEnvironment(manifests, name, setting)
    const launch = options.processes
      ? launchProcess({ environment, root, logsDir })
      : launchInProcess({ environment, publisher: createLogPublisher(runtime.eventLog), logsDir })
    const wanted = names.filter((name) => !options.without.includes(name))
    control.services = await startServices(wanted, names, launch).catch(async (error) => {
      await runtime.close()
      throw error
    })
    const started = control.services
    undo.push(() => started.closeAll())
    await runtime.start().catch(async (error) => {
      await runtime.close()
      throw error
    })
    return {
      addresses,
      token: data.token,
      runtime,
      services: started,
      close: async () => {
        const ledger = await runtime.close()
        for (const step of undo.toReversed()) await step()
        log.close()
        return ledger
      },
    }
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => {})
    throw error
  }
}

const createDatabases = async (url: (database: string) => string, names: readonly string[]): Promise<void> => {
  const admin = createPool({ url: url('postgres'), max: 1, applicationName: 'bookinfo' })
  for (const name of ['sluice', ...names.map((service) => `bookinfo_${service}`)]) await createDatabase(admin, name)
  await admin.end()
}
