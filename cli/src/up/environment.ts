import type { BusAddress, Manifests } from 'sluice'
import type { Addresses } from './addresses.ts'

const clusterAddress = /http:\/\/([a-z0-9-]+)\.[a-z0-9-]+\.svc\.cluster\.local(:\d+)?/g

type Setting = {
  addresses: Addresses
  storage: 'memory' | 'postgres'
  databaseUrl: (database: string) => string
  operatorToken: string
  bus: BusAddress | undefined
}

/**
 * A service's environment: its ConfigMap from the manifests, with cluster addresses turned into those on this machine, and with what
 * only this machine knows.
 */
export const localEnvironment = ({ configMaps }: Manifests, name: string, setting: Setting): Record<string, string> => {
  const { addresses, storage, databaseUrl, operatorToken, bus } = setting
  const configured = configMaps.find((configMap) => configMap.name === name)?.data ?? {}
  const ports = addresses.ports.services[name] ?? { api: 0, admin: 0 }
  const usesDatabase = configured.STORAGE_BACKEND !== undefined
  const publishes = configured.EVENT_BACKEND !== undefined
  return {
    ...Object.fromEntries(Object.entries(configured).map(([key, value]) => [key, localise(value, addresses)])),
    SERVICE_NAME: name,
    HTTP_HOST: addresses.host,
    HTTP_PORT: String(ports.api),
    ADMIN_PORT: String(ports.admin),
    HTTP_ALLOWED_HOSTS: allowedHosts.join(','),
    ...(usesDatabase && { STORAGE_BACKEND: storage, DATABASE_URL: databaseUrl(`bookinfo_${name}`) }),
    ...(publishes && publishing(bus, databaseUrl)),
    ...(guards.has(name) && { OPERATOR_TOKEN: operatorToken }),
    ...(name === 'dlqueue' && { DELIVERY_STATUS_URL: addresses.operator }),
    ...(name === 'ingestion' && { POLL_INTERVAL: '0' }),
  }
}

// Services that ask for the operator's token or send it.
const guards = new Set(['dlqueue', 'productpage'])

/** Where services publish on each kind of bus. */
const publishing = (bus: BusAddress | undefined, databaseUrl: Setting['databaseUrl']): Record<string, string> => {
  switch (bus?.kind) {
    case 'kafka':
      return { EVENT_BACKEND: 'kafka', KAFKA_BROKERS: bus.address }
    case 'jetstream':
      return { EVENT_BACKEND: 'jetstream', NATS_URL: bus.address }
    default:
      return { EVENT_BACKEND: 'postgres', EVENT_LOG_URL: databaseUrl('sluice') }
  }
}

/** The only hosts that listeners on this machine answer to. */
export const allowedHosts = ['127.0.0.1', 'localhost', '[::1]']

const localise = (value: string, { services, gateway, webhooks }: Addresses): string =>
  value.replace(clusterAddress, (address, service: string) => {
    if (service === 'gateway') return gateway
    if (service.endsWith('-eventsource-svc')) return webhooks
    return services[service] ?? address
  })
