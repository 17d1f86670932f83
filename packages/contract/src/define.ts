import type { Static, TObject, TSchema } from 'typebox'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One operation of a service: what it takes, and what it answers with each status it means as a success. */
export type Route = {
  method: Method
  /** Path with parameters as `:name`. */
  path: string
  summary: string
  params?: TObject
  query?: TObject
  body?: TSchema
  /** Takes what HTML forms send; every other route reads JSON, whatever the content type says. */
  takesForms?: boolean
  /** Largest request body in bytes; 1 MiB when absent. */
  bodyMaxBytes?: number
  /** Success replies by status; null means an empty reply. */
  reply: Record<number, TSchema | null>
  /** Failure statuses it documents, each with its meaning. */
  failures?: Record<number, string>
  /** Only the operator may call it: needs the bearer token when one is configured. */
  operatorOnly?: boolean
}

/** A fact that a service publishes after its write. */
export type EventDefinition<Data extends TSchema = TSchema> = {
  /** CloudEvents type, such as `com.bookinfo.ratings.rating-submitted`. */
  type: string
  topic: string
  summary: string
  data: Data
  /** Events with one key keep their order. */
  key: (data: Static<Data>) => string
}

export type ServiceDefinition<Routes extends Record<string, Route> = Record<string, Route>> = {
  name: string
  /** Version of the contract, for the generated documents. */
  version: string
  summary: string
  routes: Routes
  events: readonly EventDefinition<never>[] | readonly EventDefinition[]
  /** Events of a sibling that this service understands as its own commands are wired in the topology, not here. */
}

/** Declares a route; its types flow into the handler and the client. */
export const defineRoute = <const R extends Route>(route: R): R => route

/** Declares a domain event; its data schema is the event's only truth. */
export const defineEvent = <Data extends TSchema>(event: EventDefinition<Data>): EventDefinition<Data> => event

/** Declares a service: the single source for validation, documents and manifests. */
export const defineService = <const Routes extends Record<string, Route>>(
  service: Omit<ServiceDefinition<Routes>, 'version'> & { version?: string },
): ServiceDefinition<Routes> => ({ version: '1.0.0', ...service })
