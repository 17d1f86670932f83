import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Pool } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { createPostgresEventLog, type EventLog } from '@bookinfo/eventlog'
import type { Logger } from '@bookinfo/logging'
import type { Metrics } from '@bookinfo/metrics'
import { type LedgerReport, reportLedger } from './api/ledger.ts'
import { commandStatus, type Lineage, readLineage } from './api/lineage.ts'
import { createOperatorApi, type ServiceControl } from './api/operator.ts'
import { type BusAddress, openBus } from './eventbus/broker.ts'
import { busLog, createBus } from './eventbus/bus.ts'
import { serveWebhooks } from './eventsources/server.ts'
import { createWebhooks } from './eventsources/webhook.ts'
import { createGateway } from './gateway/gateway.ts'
import { listen } from './gateway/listen.ts'
import type { Manifests } from './manifest/kinds.ts'
import { createSensorRuntime } from './sensors/runtime.ts'
import { checkReferences, configMapsOf, type Secrets } from './secrets.ts'
import { createPostgresState } from './state/postgres.ts'
import { type CallService, checkTargets, createTargets, createWebhookLookup } from './targets.ts'

export type RuntimeOptions = {
  manifests: Manifests
  /** Holds the event log and the runtime's state; stays open when the runtime closes. */
  database: Pool
  /** Base addresses of the Services that routes and triggers name. */
  services: Readonly<Record<string, string>>
  /** Calls a service that runs in this process, without a socket. */
  callService?: CallService
  gateway: { host: string; port: number }
  webhooks: { host: string; portOffset: number }
  operator?: {
    host: string
    port: number
    token: string | undefined
    serviceControl?: ServiceControl
    fallback?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  }
  allowedHosts?: readonly string[]
  secrets?: Secrets
  /** A broker that carries the bus and the topics; the database carries them when absent. */
  bus?: BusAddress
  /** Whether other processes read or write the same logs. */
  sharesLogs?: boolean
  logger: Logger
  metrics: Metrics
  random?: () => number
}

/** Argo's manifests at work in this process. */
export type Runtime = {
  /** The logs of bus and topics; parts in the same process publish to topics through it. */
  eventLog: EventLog
  /** Opens the doors; by then every trigger's cursor exists, so nothing that is accepted can be missed. */
  start(): Promise<{ gateway: string; webhooks: string[]; operator: string | undefined }>
  /**
   * Takes nothing new, lets what runs end, and tells how everything stands, if the database can still be asked. Waiting events go on
   * at the next start.
   */
  close(options?: { drainMs?: number }): Promise<LedgerReport | undefined>
  ledger(): Promise<LedgerReport>
  lineage(id: string): Promise<Lineage | undefined>
}

const drainDefaultMs = 10_000
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Puts manifests to work: gateway, EventSources, bus, sensors and triggers, on one PostgreSQL and, when asked, a broker. */
export const createRuntime = async (options: RuntimeOptions): Promise<Runtime> => {
  const { manifests, database, logger, metrics, allowedHosts, operator, secrets = {} } = options
  if (operator && operator.token === undefined && !loopback.has(operator.host)) {
    throw new AppError('invalid', `the operator's plane needs a token to listen on ${operator.host}`)
  }
  const stored = await createPostgresState({ pool: database, bus: options.bus?.kind ?? 'postgres' })
  const eventLog = options.bus
    ? await openBus(options.bus, { database, logger, bus: manifests.bus })
    : await createPostgresEventLog({ pool: database, logger, announces: options.sharesLogs ?? false })
  const { eventSources, sensors: sensorManifests, routes } = manifests
  const { name: busName } = manifests.bus
  const bus = createBus({ eventLog, name: busName })
  const webhooks = createWebhooks(eventSources, { bus, secrets, metrics, now: () => new Date() })
  const webhookOf = createWebhookLookup(webhooks)
  const targetOptions = { services: options.services, webhookOf, callService: options.callService }
  checkTargets(manifests, targetOptions)
  const references = { secrets, configMaps: configMapsOf(manifests) }
  checkReferences(manifests, references)
  const topics = eventSources.flatMap(({ spec }) => Object.values(spec.kafka ?? {}).map(({ topic }) => topic))
  const logs = [busLog(busName), ...topics]
  // A log on a broker is counted as it is read: first everything in it is, then the figures are compared.
  const counted = () => Promise.all(logs.map((log) => eventLog.counts(log).catch(() => [])))
  const state = { ...stored, ledger: async () => (await counted(), stored.ledger()) }
  const sensors = createSensorRuntime({
    sensors: sensorManifests,
    eventSources,
    eventLog,
    busName,
    state,
    targets: createTargets(targetOptions),
    references,
    logger,
    metrics,
    ...(options.random && { random: options.random }),
  })
  const lineageNeeds = { eventLog, state, logs }
  const lineage = (id: string) => readLineage(lineageNeeds, id)
  const gateway = createGateway({
    routes,
    webhookOf,
    originOf: (service) => options.services[service] && new URL(options.services[service]).origin,
    commandStatus: (id) => commandStatus(lineageNeeds, id),
    allowedHosts,
    logger,
    metrics,
  })
  const doors: { close(drainMs: number): Promise<void> }[] = []
  const ledger = async () => reportLedger(await state.ledger())

  return {
    eventLog,
    ledger,
    lineage,
    start: async () => {
      await sensors.register()
      sensors.start()
      const webhookServers = await serveWebhooks(webhooks, { ...options.webhooks, allowedHosts })
      doors.push(...webhookServers)
      const gatewayServer = await listen(gateway.handle, options.gateway)
      doors.push(gatewayServer)
      const operatorServer =
        operator &&
        (await listen(
          createOperatorApi({ ...operator, allowedHosts, state, sensors, manifests, metrics, lineage }),
          operator,
        ))
      if (operatorServer) doors.push(operatorServer)
      return {
        gateway: gatewayServer.url,
        webhooks: webhookServers.map(({ url }) => url),
        operator: operatorServer?.url,
      }
    },
    close: async ({ drainMs = drainDefaultMs } = {}) => {
      await Promise.all(doors.map((door) => door.close(drainMs)))
      await sensors.stop()
      await gateway.close()
      const last = await ledger().catch(() => undefined)
      await eventLog.close()
      return last
    },
  }
}
