import type { Fields } from './fields.ts'
import type { EventSource, Sensor } from './types.ts'

type Placed = { at(path: readonly (string | number)[]): string }

export type RouteMatch = { path?: { type?: string; value?: string }; method?: string }
export type HttpRoute = Placed & {
  name: string
  namespace: string
  spec: { rules?: { matches?: RouteMatch[]; backendRefs?: { name: string; port?: number; namespace?: string }[] }[] }
}
export type Service = Placed & {
  name: string
  namespace: string
  spec: { ports?: { port: number; targetPort?: number | string }[] }
}
export type Deployment = Placed & {
  name: string
  namespace: string
  labels: Record<string, string>
  spec: Record<string, unknown>
}
export type ConfigMap = Placed & { name: string; namespace: string; data: Record<string, string> }

/** The EventBus; `kafka` when the manifest says which topic carries it there. */
export type EventBus = { name: string; namespace: string; kafka?: { topic?: string } }

/** A whole system as manifests describe it. */
export type Manifests = {
  eventSources: (EventSource & Placed)[]
  sensors: (Sensor & Placed)[]
  routes: HttpRoute[]
  services: Service[]
  deployments: Deployment[]
  configMaps: ConfigMap[]
  bus: EventBus
}

const parameter: Fields = {
  src: {
    dependencyName: true,
    contextKey: true,
    contextTemplate: true,
    dataKey: true,
    dataTemplate: true,
    value: true,
    useRawData: true,
  },
  dest: true,
  operation: true,
}

const reference: Fields = { name: true, key: true, optional: 'ignored' }

const http: Fields = {
  url: true,
  method: true,
  payload: parameter,
  parameters: parameter,
  headers: true,
  dynamicHeaders: parameter,
  secureHeaders: { name: true, valueFrom: { secretKeyRef: reference, configMapKeyRef: reference } },
  basicAuth: { username: reference, password: reference },
  tls: {
    caCertSecret: reference,
    clientCertSecret: reference,
    clientKeySecret: reference,
    insecureSkipVerify: true,
    enabled: true,
  },
  host: true,
  timeout: true,
}

const retryStrategy: Fields = { steps: true, duration: true, factor: true, jitter: true }

const action: { [name: string]: Fields } = {
  template: { name: true, conditions: true, http, log: true },
  parameters: parameter,
  policy: { status: { allow: true } },
  retryStrategy,
  atLeastOnce: true,
}

const filters: Fields = {
  exprs: { expr: true, fields: { path: true, name: true } },
  exprLogicalOperator: true,
  data: { path: true, type: true, value: true, comparator: true, template: true },
  dataLogicalOperator: true,
  context: { type: true, subject: true, source: true, datacontenttype: true },
  time: { start: true, stop: true, timezone: true },
  script: true,
}

const head: { [name: string]: Fields } = { apiVersion: true, kind: true, metadata: true, status: 'ignored' }

/** What each kind may hold. A field that the runtime learns to do is one entry here; a kind of the cluster only is `ignored`. */
export const kinds: Record<string, Fields> = {
  EventBus: { ...head, spec: 'ignored' },
  EventSource: {
    ...head,
    spec: {
      eventBusName: true,
      template: 'ignored',
      replicas: 'ignored',
      service: 'ignored',
      webhook: {
        '*': {
          port: true,
          endpoint: true,
          method: true,
          maxPayloadSize: true,
          metadata: true,
          authSecret: true,
          filter: { expression: true },
        },
      },
      kafka: {
        '*': {
          url: true,
          topic: true,
          jsonBody: true,
          metadata: true,
          filter: { expression: true },
          version: 'ignored',
          contentType: 'ignored',
          connectionBackoff: 'ignored',
          consumerGroup: { groupName: true, oldest: true, rebalanceStrategy: 'ignored' },
        },
      },
    },
  },
  Sensor: {
    ...head,
    spec: {
      eventBusName: true,
      template: 'ignored',
      replicas: 'ignored',
      revisionHistoryLimit: 'ignored',
      eventBusConsumerBatchMaxWait: 'ignored',
      dependencies: {
        name: true,
        eventSourceName: true,
        eventName: true,
        transform: { jq: true, script: true },
        filters,
        filtersLogicalOperator: true,
      },
      triggers: { ...action, dlqTrigger: action },
    },
  },
  HTTPRoute: {
    ...head,
    spec: {
      parentRefs: 'ignored',
      hostnames: 'ignored',
      rules: {
        matches: { path: { type: true, value: true }, method: true },
        backendRefs: { name: true, port: true, namespace: true, weight: 'ignored' },
        timeouts: 'ignored',
      },
    },
  },
  Service: { ...head, spec: true },
  Deployment: { ...head, spec: 'ignored' },
  ConfigMap: { ...head, data: true },
  Namespace: 'ignored',
  Gateway: 'ignored',
  GatewayClass: 'ignored',
  ReferenceGrant: 'ignored',
  Secret: 'ignored',
  ServiceAccount: 'ignored',
  Role: 'ignored',
  RoleBinding: 'ignored',
  NetworkPolicy: 'ignored',
  HorizontalPodAutoscaler: 'ignored',
  PodDisruptionBudget: 'ignored',
  PersistentVolumeClaim: 'ignored',
}
