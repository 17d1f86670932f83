import type { Topology } from '@bookinfo/contract'

const host = '127.0.0.1'

/** Where everything listens on this machine. */
export type Addresses = {
  host: string
  gateway: string
  operator: string
  webhooks: string
  ports: {
    gateway: number
    operator: number
    webhooks: number
    services: Record<string, { api: number; admin: number }>
  }
  /** Base addresses by the names of the cluster's Services. */
  services: Record<string, string>
}

/** Works out every address from the topology; `portOffset` moves all of them. */
export const planAddresses = ({ services, ports }: Topology, portOffset: number): Addresses => {
  const at = (port: number) => `http://${host}:${port + portOffset}`
  const own = services.map(({ definition, ports: { api, admin } }) => ({ name: definition.name, api, admin }))
  return {
    host,
    gateway: at(ports.gateway),
    operator: at(ports.operator),
    webhooks: at(ports.webhooks),
    ports: {
      gateway: ports.gateway + portOffset,
      operator: ports.operator + portOffset,
      webhooks: ports.webhooks + portOffset,
      services: Object.fromEntries(
        own.map(({ name, api, admin }) => [name, { api: api + portOffset, admin: admin + portOffset }]),
      ),
    },
    services: Object.fromEntries(
      own.flatMap(({ name, api }) => [
        [name, at(api)],
        [`${name}-write`, at(api)],
      ]),
    ),
  }
}
