import type { TSchema } from 'typebox'
import type { EventDefinition, Route, ServiceDefinition } from './define.ts'

/** A value for a field of a call that an event causes: something of the event, or always the same text. */
export type FieldSource = { path: string; isRaw: boolean } | { value: string }

export type ServiceNode = {
  definition: ServiceDefinition
  /** Ports on one machine. */
  ports: { api: number; admin: number }
  /** Whether reads and writes run as Deployments of their own. */
  isSplit: boolean
  /** Path prefixes whose GET requests the gateway routes to this service. */
  reads: readonly string[]
  environment: Readonly<Record<string, string>>
  secrets: readonly string[]
}

/** A route that is called through an event: a webhook takes the request, a sensor calls the service. */
export type CommandNode = {
  event: string
  service: string
  route: Route
  partitionKey: string
  isPublic: boolean
  /** Whether its webhook takes it only with the operator's token. */
  isGuarded: boolean
  hasDeadLetters: boolean
}

/** A domain event that causes a call. */
export type ReactionNode = {
  trigger: string
  dependency: string
  producer: string
  exposure: string
  event: EventDefinition<TSchema>
  service: string
  route: Route
  /** Undefined passes the event's data on as it is. */
  fields: Readonly<Record<string, FieldSource>> | undefined
  partitionKey: string
}

export type Topology = {
  namespace: string
  ports: { gateway: number; webhooks: number; operator: number }
  services: ServiceNode[]
  commands: CommandNode[]
  reactions: ReactionNode[]
}

type ServiceOptions = {
  api: number
  admin: number
  split?: boolean
  reads?: readonly string[]
  environment?: Record<string, string>
  secrets?: readonly string[]
}

/** A field of the event's data, as a string; `raw` keeps numbers as numbers. */
export const path = (field: string): FieldSource => ({ path: field, isRaw: false })
/** A field of the event's data with its JSON type. */
export const raw = (field: string): FieldSource => ({ path: field, isRaw: true })

/** Collects the system, declaration by declaration; see topology.ts at the root. */
export const defineTopology = (namespace: string, ports: Topology['ports']) => {
  const topology: Topology = { namespace, ports, services: [], commands: [], reactions: [] }
  const ownerOf = (route: Route): string => {
    const owner = topology.services.find(({ definition }) => Object.values(definition.routes).includes(route))
    if (owner === undefined) throw new Error(`no service has the route ${route.method} ${route.path}`)
    return owner.definition.name
  }
  return {
    topology,
    /** Adds a service. */
    service: (
      definition: object,
      { api, admin, split = false, reads = [], environment = {}, secrets = [] }: ServiceOptions,
    ): void => {
      topology.services.push({
        definition: definition as ServiceDefinition,
        ports: { api, admin },
        isSplit: split,
        reads,
        environment,
        secrets,
      })
    },
    /** Puts a route behind an event of this name. `key` is the path in the event's data whose values keep their order. */
    command: (
      event: string,
      route: Route,
      options: { key: string; isPublic?: boolean; isGuarded?: boolean; hasDeadLetters?: boolean },
    ): void => {
      const { key, isPublic = true, isGuarded = false, hasDeadLetters = true } = options
      topology.commands.push({
        event,
        service: ownerOf(route),
        route,
        partitionKey: key,
        isPublic,
        isGuarded,
        hasDeadLetters,
      })
    },
    /** Makes a domain event cause a call. */
    on: (event: object, from: { producer: string; exposure: string }) => ({
      call: (
        route: Route,
        options: { trigger: string; dependency: string; fields?: Record<string, FieldSource>; key?: string },
      ): void => {
        const { trigger, dependency, fields, key = 'key' } = options
        topology.reactions.push({
          trigger,
          dependency,
          ...from,
          event: event as EventDefinition<TSchema>,
          service: ownerOf(route),
          route,
          fields,
          partitionKey: key,
        })
      },
    }),
  }
}
