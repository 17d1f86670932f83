/** The parts of Argo Events manifests that triggers, filters and parameters are made of; spelled as in YAML. */

export type Comparator = '>=' | '>' | '=' | '!=' | '<' | '<=' | ''
export type LogicalOperator = 'and' | 'or' | ''

export type DataFilter = { path: string; type: string; value: string[]; comparator?: string; template?: string }
export type ExprFilter = { expr: string; fields: { name: string; path: string }[] }
export type TimeFilter = { start: string; stop: string; timezone?: string }
export type ContextFilter = { type?: string; subject?: string; source?: string; datacontenttype?: string }

export type Filters = {
  exprs?: ExprFilter[]
  exprLogicalOperator?: LogicalOperator
  data?: DataFilter[]
  dataLogicalOperator?: LogicalOperator
  context?: ContextFilter
  time?: TimeFilter
  script?: string
}

export type Transform = { jq?: string; script?: string }

export type Dependency = {
  name: string
  eventSourceName: string
  eventName: string
  filters?: Filters
  filtersLogicalOperator?: LogicalOperator
  transform?: Transform
}

export type ParameterSource = {
  dependencyName: string
  contextKey?: string
  contextTemplate?: string
  dataKey?: string
  dataTemplate?: string
  value?: string
  useRawData?: boolean
}

export type Parameter = { src: ParameterSource; dest: string; operation?: string }

export type SecretReference = { name: string; key: string }
export type ValueFrom = { secretKeyRef?: SecretReference; configMapKeyRef?: SecretReference }

export type HttpTrigger = {
  url: string
  method?: string
  payload?: Parameter[]
  parameters?: Parameter[]
  /** Sent as `Host` instead of the address's own. */
  host?: string
  headers?: Record<string, string>
  dynamicHeaders?: Parameter[]
  secureHeaders?: { name: string; valueFrom: ValueFrom }[]
  basicAuth?: { username?: SecretReference; password?: SecretReference }
  /** Seconds. */
  timeout?: number
  tls?: TlsConfig
}

export type TlsConfig = {
  caCertSecret?: SecretReference
  clientCertSecret?: SecretReference
  clientKeySecret?: SecretReference
  insecureSkipVerify?: boolean
  enabled?: boolean
}

export type LogTrigger = { intervalSeconds?: number }

export type TriggerTemplate = {
  name: string
  conditions?: string
  conditionsReset?: { byTime?: { cron?: string; timezone?: string } }[]
  http?: HttpTrigger
  log?: LogTrigger
}

/** Argo's `Amount`s and durations as YAML gives them. */
export type Backoff = { steps?: number; duration?: string | number; factor?: number | string; jitter?: number | string }

export type Trigger = {
  template: TriggerTemplate
  parameters?: Parameter[]
  policy?: { status?: { allow?: number[] } }
  retryStrategy?: Backoff
  rateLimit?: { unit?: string; requestsPerUnit?: number }
  atLeastOnce?: boolean
  dlqTrigger?: Trigger
}

export type Sensor = {
  name: string
  namespace: string
  annotations: Record<string, string>
  spec: { eventBusName?: string; dependencies: Dependency[]; triggers: Trigger[] }
}

export type WebhookEndpoint = {
  port: string
  endpoint: string
  method: string
  /** Bytes; 1 MiB when absent. */
  maxPayloadSize?: number
  metadata?: Record<string, string>
  filter?: { expression: string }
  authSecret?: SecretReference
}

export type KafkaSource = {
  url: string
  topic: string
  jsonBody?: boolean
  consumerGroup?: { groupName?: string; oldest?: boolean }
  partition?: string
  metadata?: Record<string, string>
  filter?: { expression: string }
}

export type EventSource = {
  name: string
  namespace: string
  annotations: Record<string, string>
  spec: {
    eventBusName?: string
    webhook?: Record<string, WebhookEndpoint>
    kafka?: Record<string, KafkaSource>
  }
}
