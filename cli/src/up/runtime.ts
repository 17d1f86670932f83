import { join } from 'node:path'
import { createOperatorPage } from '@bookinfo/console'
import { createPool } from '@bookinfo/database'
import { createLogger, openLogFile } from '@bookinfo/logging'
import { createMetrics } from '@bookinfo/metrics'
import {
  type BusAddress,
  type CallService,
  createRuntime,
  loadManifests,
  type Manifests,
  type Runtime,
  type ServiceControl,
} from 'sluice'
import { topology } from '../../../topology.ts'
import { planAddresses } from './addresses.ts'
import { allowedHosts } from './environment.ts'

const connectionsMax = 12

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..', '..')

/** What a runtime is told, in this process or in one of its own. */
export type RuntimeSetting = {
  dataDir: string
  portOffset: number
  databaseUrl: string
  token: string
  /** Whether services publish from processes of their own. */
  sharesLogs: boolean
  /** A broker that carries the events; the database does when there is none. */
  bus: BusAddress | undefined
}

/** The generated manifests of this machine. */
export const localManifests = (): Manifests => loadManifests([join(root, 'deploy', 'local')])

/** Puts the manifests to work: Sluice with the gateway, the webhooks and the operator's plane. Closing it closes all that it opened. */
export const openRuntime = async (
  setting: RuntimeSetting,
  { serviceControl, callService }: { serviceControl: ServiceControl; callService?: CallService },
): Promise<Runtime> => {
  const { dataDir, portOffset, databaseUrl, token, sharesLogs, bus } = setting
  const addresses = planAddresses(topology, portOffset)
  const pool = createPool({ url: databaseUrl, max: connectionsMax, applicationName: 'sluice' })
  const log = openLogFile(join(dataDir, 'logs', 'sluice.log'))
  const closeOwn = async () => {
    await pool.end()
    log.close()
  }
  const runtime = await createRuntime({
    manifests: localManifests(),
    database: pool,
    services: addresses.services,
    ...(callService && { callService }),
    gateway: { host: addresses.host, port: addresses.ports.gateway },
    webhooks: { host: addresses.host, portOffset },
    secrets: { operator: { OPERATOR_TOKEN: token } },
    operator: {
      host: addresses.host,
      port: addresses.ports.operator,
      token,
      serviceControl,
      fallback: createOperatorPage({
        token,
        runtimeUrl: addresses.operator,
        dlqueueUrl: addresses.services.dlqueue as string,
      }),
    },
    allowedHosts,
    ...(bus && { bus }),
    sharesLogs,
    logger: createLogger({ service: 'sluice', level: 'info', destination: log }),
    metrics: createMetrics({ process: true }),
  }).catch(async (error) => {
    await closeOwn()
    throw error
  })
  return {
    ...runtime,
    close: async (options) => {
      const ledger = await runtime.close(options)
      await closeOwn()
      return ledger
    },
  }
}
