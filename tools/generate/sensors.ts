import type { CommandNode, FieldSource, ReactionNode, Route, Topology } from '@bookinfo/contract'
import { deadLetterUrl, names, writeUrl } from './names.ts'

const maxInFlight = 32
const timeoutSeconds = 10
const noRetryStatuses = '400,409,410,422'
const backoff = { duration: '2s', factor: 2.0, jitter: 1 }

type Planned = { trigger: string; dependency: object; dependencyName: string; partitionKey: string; body: object }

/** The sensors that hand commands to their services, one for each service. */
export const commandSensors = (topology: Topology): object[] =>
  [...Map.groupBy(topology.commands, ({ service }) => service)].map(([service, commands]) =>
    sensor(
      topology,
      names.commandSensor(service),
      commands.map((command) => planCommand(topology, command)),
    ),
  )

/** The sensors that carry domain events to whom they concern, one for each service that is called. */
export const consumerSensors = (topology: Topology): object[] =>
  [...Map.groupBy(topology.reactions, ({ service }) => service)].map(([service, reactions]) =>
    sensor(
      topology,
      names.consumerSensor(service),
      reactions.map((reaction) => planReaction(topology, reaction)),
    ),
  )

const sensor = ({ namespace }: Topology, name: string, planned: Planned[]): object => {
  const dependencies = new Map(planned.map(({ dependencyName, dependency }) => [dependencyName, dependency]))
  const annotations = Object.fromEntries([
    ...planned.map(({ trigger, partitionKey }) => [`sluice/partition-key.${trigger}`, partitionKey]),
    ...planned.map(({ trigger }) => [`sluice/max-in-flight.${trigger}`, String(maxInFlight)]),
    ['sluice/no-retry-status', noRetryStatuses],
  ])
  const conditions = (dependencyName: string) => (dependencies.size > 1 ? { conditions: dependencyName } : {})
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Sensor',
    metadata: { name, namespace, annotations },
    spec: {
      eventBusName: 'default',
      dependencies: [...dependencies.values()],
      triggers: planned.map(({ trigger, dependencyName, body }) => {
        const { http, ...rest } = body as { http: object }
        return { template: { name: trigger, ...conditions(dependencyName), http }, ...rest }
      }),
    },
  }
}

const planCommand = (topology: Topology, command: CommandNode): Planned => {
  const { event, service, route, partitionKey, hasDeadLetters } = command
  const name = names.dependency(command)
  const from = (source: object, dest: string) => ({ src: { dependencyName: name, ...source }, dest })
  const failure = hasDeadLetters ? [] : [from({ dataKey: 'header.Sluice-Failure.0', value: '' }, 'Sluice-Failure')]
  const body = {
    http: {
      url: `${writeUrl(topology, service)}${route.path}`,
      method: route.method,
      timeout: timeoutSeconds,
      headers: { 'Content-Type': 'application/json' },
      dynamicHeaders: [
        from({ contextTemplate: `{{ .Input.id }}/${event}` }, 'Ce-Id'),
        from({ dataKey: 'header.Idempotency-Key.0', value: '' }, 'Idempotency-Key'),
        ...failure,
      ],
      payload: [from({ dataKey: 'body' }, '')],
    },
    ...guarantees(route, 3),
    ...(hasDeadLetters && {
      dlqTrigger: deadLetter(topology, {
        trigger: event,
        dependency: name,
        sensor: names.commandSensor(service),
        source: { name: event, isTopic: false },
      }),
    }),
  }
  return {
    trigger: event,
    dependency: { name, eventSourceName: event, eventName: event },
    dependencyName: name,
    partitionKey,
    body,
  }
}

const planReaction = (topology: Topology, reaction: ReactionNode): Planned => {
  const { trigger, dependency: name, exposure, event, service, route, fields, partitionKey } = reaction
  const source = names.topicSource(reaction)
  const from = (given: object, dest: string) => ({ src: { dependencyName: name, ...given }, dest })
  const payload = fields
    ? Object.entries(fields).map(([field, given]) => from(fieldSource(given), field))
    : [from({ dataKey: 'body' }, '')]
  const body = {
    http: {
      url: `${writeUrl(topology, service)}${route.path}`,
      method: route.method,
      timeout: timeoutSeconds,
      headers: { 'Content-Type': 'application/json' },
      dynamicHeaders: [from({ dataTemplate: `{{ .Input.headers.ce_id }}/${trigger}` }, 'Ce-Id')],
      payload,
    },
    ...guarantees(route, 3),
    dlqTrigger: deadLetter(topology, {
      trigger,
      dependency: name,
      sensor: names.consumerSensor(service),
      source: { name: source, isTopic: true },
    }),
  }
  const type = `^${event.type.replaceAll('.', '\\.')}$`
  const dependency = {
    name,
    eventSourceName: source,
    eventName: exposure,
    filters: { data: [{ path: 'headers.ce_type', type: 'string', value: [type] }] },
  }
  return { trigger, dependency, dependencyName: name, partitionKey, body }
}

const fieldSource = (source: FieldSource): object =>
  'value' in source ? source : { dataKey: `body.${source.path}`, ...(source.isRaw && { useRawData: true }) }

/** Only the contract's own success statuses count; anything else is tried again and then kept as a letter. */
const guarantees = ({ reply }: Pick<Route, 'reply'>, steps: number): object => ({
  policy: { status: { allow: Object.keys(reply).map(Number) } },
  retryStrategy: { steps, ...backoff },
  atLeastOnce: true,
})

const deadLetter = (
  topology: Topology,
  {
    trigger,
    dependency,
    sensor,
    source,
  }: { trigger: string; dependency: string; sensor: string; source: { name: string; isTopic: boolean } },
): object => {
  const field = (dest: string, given: object) => ({ src: { dependencyName: dependency, ...given }, dest })
  const constants = {
    sensor_name: sensor,
    failed_trigger: trigger,
    namespace: topology.namespace,
    eventsource_name: source.name,
  }
  const payload = [
    field('original_payload', { dataKey: 'body' }),
    field('original_headers', { dataKey: source.isTopic ? 'headers' : 'header' }),
    field('event_id', source.isTopic ? { dataKey: 'headers.ce_id' } : { contextKey: 'id' }),
    field('event_type', { contextKey: 'type' }),
    field('event_source', { contextKey: 'source' }),
    field('event_subject', { contextKey: 'subject' }),
    field('event_timestamp', { contextKey: 'time' }),
    field('datacontenttype', { contextKey: 'datacontenttype' }),
    field('dead_letter_id', {
      dataKey: source.isTopic ? 'headers.dead-letter-id' : 'header.Dead-Letter-Id.0',
      value: '',
    }),
    ...(source.isTopic ? [field('record_key', { dataKey: 'key' })] : []),
    ...Object.entries(constants).map(([dest, value]) => field(dest, { value })),
  ]
  return {
    template: {
      name: `dlq-${trigger}`,
      http: {
        url: deadLetterUrl(topology),
        method: 'POST',
        timeout: timeoutSeconds,
        headers: { 'Content-Type': 'application/json' },
        payload,
      },
    },
    ...guarantees({ reply: { 200: null } }, 5),
  }
}
