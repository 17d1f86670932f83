import type { Topology } from '@bookinfo/contract'
import { names } from './names.ts'

const kafkaBroker = 'bookinfo-kafka-kafka-bootstrap.platform.svc.cluster.local:9092'

/** The EventBus: Kafka on a cluster, the embedded log on one machine. */
export const eventBus = ({ namespace }: Topology): object => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'EventBus',
  metadata: { name: 'default', namespace },
  spec: { kafka: { url: kafkaBroker, topic: 'argo-events' } },
})

/** One webhook EventSource for each command, with the contract's schema to be checked at the door. */
export const webhookSources = ({ namespace, commands, ports }: Topology): object[] =>
  commands.map(({ event, route, isGuarded }) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'EventSource',
    metadata: { name: event, namespace, annotations: { [`sluice/body-schema.${event}`]: JSON.stringify(route.body) } },
    spec: {
      eventBusName: 'default',
      webhook: {
        [event]: {
          port: String(ports.webhooks),
          endpoint: route.path,
          method: route.method,
          ...(route.bodyMaxBytes && { maxPayloadSize: route.bodyMaxBytes }),
          ...(isGuarded && { authSecret: names.operatorSecret }),
        },
      },
    },
  }))

/** One topic EventSource for each topic that somebody reacts to. */
export const topicSources = ({ namespace, reactions }: Topology): object[] =>
  [...Map.groupBy(reactions, names.topicSource)].map(([name, group]) => {
    const types = [...new Set(group.map(({ event }) => event.type))].sort()
    const [{ exposure, event } = {} as never] = group
    return {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'EventSource',
      metadata: { name, namespace, annotations: { 'bookinfo.io/emitted-ce-types': types.join(',') } },
      spec: {
        eventBusName: 'default',
        kafka: {
          [exposure]: {
            url: kafkaBroker,
            topic: event.topic,
            jsonBody: true,
            consumerGroup: { groupName: name, oldest: true },
          },
        },
      },
    }
  })
