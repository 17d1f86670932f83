import type { CommandNode, ReactionNode, ServiceNode, Topology } from '@bookinfo/contract'

/** Every name in the manifests, in one place; dashboards and scripts of the reference rely on them. */
export const names = {
  eventSourceService: (event: string): string => `${event}-eventsource-svc`,
  topicSource: ({ producer, exposure }: Pick<ReactionNode, 'producer' | 'exposure'>): string =>
    `${producer}-${exposure}`,
  commandSensor: (service: string): string => `${service}-sensor`,
  consumerSensor: (service: string): string => `${service}-consumer-sensor`,
  writeService: ({ definition, isSplit }: ServiceNode): string =>
    isSplit ? `${definition.name}-write` : definition.name,
  /** The Secret that holds the operator's token for everybody who asks for it or sends it. */
  operatorSecret: { name: 'operator', key: 'OPERATOR_TOKEN' },
  dependency: ({ event }: CommandNode): string => `${event}-dep`,
}

/** The address of a Service inside the cluster. */
export const clusterUrl = (service: string, namespace: string, port = 80): string =>
  `http://${service}.${namespace}.svc.cluster.local${port === 80 ? '' : `:${port}`}`

/** The Service that takes a service's writes. */
export const writeUrl = ({ services, namespace }: Topology, service: string): string => {
  const node = services.find(({ definition }) => definition.name === service)
  if (node === undefined) throw new Error(`there is no service ${service}`)
  return clusterUrl(names.writeService(node), namespace)
}

/** The webhook that takes dead letters. */
export const deadLetterUrl = ({ commands, namespace, ports }: Topology): string => {
  const command = commands.find(({ hasDeadLetters }) => !hasDeadLetters)
  if (command === undefined) throw new Error('no command takes dead letters')
  return `${clusterUrl(names.eventSourceService(command.event), namespace, ports.webhooks)}${command.route.path}`
}
