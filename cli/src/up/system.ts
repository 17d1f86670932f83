import { join } from 'node:path'
import { createDatabase, createPool, startEmbedded } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import type { Publisher } from '@bookinfo/eventlog'
import type { LedgerReport } from 'sluice'
import { topology } from '../../../topology.ts'
import { type Addresses, planAddresses } from './addresses.ts'
import { takeDataDir } from './data-dir.ts'
import { localEnvironment } from './environment.ts'
import type { UpOptions } from './options.ts'
import { endLeftBehind, type Pids, writePids } from './pids.ts'
import { assertPortsFree } from './ports.ts'
import { localManifests } from './runtime.ts'
import { type Services, startServices } from './services.ts'

/** The whole system, running. */
export type System = {
  addresses: Addresses
  token: string
  services: Services
  /** Publishes to topics. */
  publisher: Publisher
  /** What runs, by name: `bookinfo` is this process and `postgres` the database; with processes, `sluice` and each service too. */
  pids(): Pids
  ledger(): Promise<LedgerReport>
  /** Takes nothing new, drains, stops the database, and tells how every delivery stands if the database still could. */
  close(): Promise<LedgerReport | undefined>
  /** Ends all other processes at once; the next start goes on from what is stored. */
  abort(): void
}

/** Starts the whole system on its embedded database; what fails on the way is undone. */
export const startSystem = async (options: UpOptions, report: (line: string) => void = () => {}): Promise<System> => {
  const { dataDir, portOffset, storage } = options
  const names = topology.services.map(({ definition }) => definition.name)
  const unknown = options.without.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new AppError('invalid', `--without ${unknown}: there is no such service; there are ${names.join(', ')}`)
  const wanted = names.filter((name) => !options.without.includes(name))
  const addresses = planAddresses(topology, portOffset)
  const data = takeDataDir(dataDir, options)
  const undo: (() => Promise<unknown>)[] = [async () => data.release()]
  try {
    await endLeftBehind(dataDir)
    await assertPortsFree(addresses, wanted)
    const running: { pids(): Pids }[] = []
    const pids = () => Object.assign({ bookinfo: process.pid }, ...running.map((part) => part.pids())) as Pids
    const onChange = () => writePids(dataDir, pids())
    const database = await startEmbedded({
      dataDir: join(dataDir, 'pg'),
      fresh: options.fresh,
      onProblem: report,
      onStarted: onChange,
    })
    undo.push(() => database.stop())
    running.push({ pids: () => ({ postgres: database.pid() }) })
    onChange()
    if (database.reused) report('took over the database that an earlier run left behind')
    await createDatabases(database.url, names)

    const manifests = localManifests()
    const setting = { addresses, storage, databaseUrl: database.url, operatorToken: data.token, bus: options.bus }
    report(
      options.bus
        ? `the EventBus and topics are carried by ${options.bus.kind} at ${options.bus.address}`
        : `the EventBus and topics at *.svc.cluster.local are carried by the embedded log in ${dataDir}`,
    )
    // Only what is used is loaded: who looks after processes does not need the services.
    const arrange = options.processes
      ? (await import('./processes.ts')).inProcesses
      : (await import('./one-process.ts')).inOneProcess
    const arrangement = await arrange({
      setting: {
        dataDir,
        portOffset,
        databaseUrl: database.url('sluice'),
        token: data.token,
        sharesLogs: options.processes,
        bus: options.bus,
      },
      environment: (name) => localEnvironment(manifests, name, setting),
      report,
      onChange,
    })
    undo.push(() => arrangement.close())
    if (storage === 'memory') report('with --storage memory, what the services store ends with their process')
    const services = await startServices({ names: wanted, all: names, launch: arrangement.launch, onChange })
    undo.push(() => services.closeAll())
    running.push(services, arrangement)
    await arrangement.start(services)
    onChange()
    return {
      addresses,
      token: data.token,
      services,
      publisher: arrangement.publisher,
      pids,
      ledger: arrangement.ledger,
      close: async () => {
        const ledger = await arrangement.close()
        await services.closeAll()
        await database.stop()
        data.release()
        return ledger
      },
      abort: () => {
        for (const [name, pid] of Object.entries(pids())) {
          if (name === 'postgres') endNow(pid, 'SIGQUIT')
          else if (name !== 'bookinfo') endNow(pid, 'SIGKILL')
        }
      },
    }
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => {})
    throw error
  }
}

const endNow = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}

const createDatabases = async (url: (database: string) => string, names: readonly string[]): Promise<void> => {
  const admin = createPool({ url: url('postgres'), max: 1, applicationName: 'bookinfo' })
  for (const name of ['sluice', ...names.map((service) => `bookinfo_${service}`)]) await createDatabase(admin, name)
  await admin.end()
}
