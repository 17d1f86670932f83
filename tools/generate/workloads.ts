import type { ServiceNode, Topology } from '@bookinfo/contract'
import { clusterUrl, names } from './names.ts'

const httpPort = 8080
const adminPort = 9090

/** The Services in front of the EventSources' webhooks. */
export const eventSourceServices = ({ namespace, commands, ports }: Topology): object[] =>
  commands.map(({ event }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: names.eventSourceService(event), namespace },
    spec: { selector: { 'eventsource-name': event }, ports: [{ port: ports.webhooks, targetPort: ports.webhooks }] },
  }))

/** ConfigMap, Deployments and Services of every service; split ones have one of each for reads and for writes. */
export const workloads = (topology: Topology): object[] => topology.services.flatMap((node) => workload(topology, node))

const workload = (topology: Topology, node: ServiceNode): object[] => {
  const { name } = node.definition
  const roles = node.isSplit ? ['read', 'write'] : [undefined]
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: topology.namespace },
      data: environment(topology, node),
    },
    ...roles.flatMap((role) => {
      const full = role === 'write' ? `${name}-write` : name
      const labels = { app: name, 'app.kubernetes.io/part-of': 'event-driven-bookinfo', ...(role && { role }) }
      return [deployment(topology, node, full, labels), service(topology, full, labels)]
    }),
  ]
}

const withoutDatabase = new Set(['productpage', 'ingestion'])

const environment = (topology: Topology, { definition, environment: own }: ServiceNode): Record<string, string> => {
  const { name, events } = definition
  const usesDatabase = !withoutDatabase.has(name)
  const publishes = events.length > 0 || name === 'dlqueue'
  return {
    SERVICE_NAME: name,
    HTTP_PORT: String(httpPort),
    ADMIN_PORT: String(adminPort),
    LOG_LEVEL: 'info',
    ...(usesDatabase && { STORAGE_BACKEND: 'postgres', RUN_MIGRATIONS: 'true' }),
    ...(publishes && {
      EVENT_BACKEND: 'kafka',
      KAFKA_BROKERS: 'bookinfo-kafka-kafka-bootstrap.platform.svc.cluster.local:9092',
    }),
    ...(name === 'dlqueue' && { REPLAY_TARGETS: JSON.stringify(replayTargets(topology)) }),
    ...own,
  }
}

/** Where the dead letter queue sends events again, by the name of their EventSource. */
const replayTargets = ({ commands, reactions, namespace, ports }: Topology): Record<string, object> =>
  Object.fromEntries([
    ...commands
      .filter(({ hasDeadLetters }) => hasDeadLetters)
      .map(({ event, route, isGuarded }) => [
        event,
        {
          url: `${clusterUrl(names.eventSourceService(event), namespace, ports.webhooks)}${route.path}`,
          ...(isGuarded && { isGuarded }),
        },
      ]),
    ...reactions.map((reaction) => [names.topicSource(reaction), { topic: reaction.event.topic }]),
  ])

const deployment = (
  { namespace }: Topology,
  { definition, secrets }: ServiceNode,
  name: string,
  labels: object,
): object => {
  const probe = (path: string) => ({ httpGet: { path, port: 'admin' } })
  const usesDatabase = !withoutDatabase.has(definition.name)
  const wanted = [...(usesDatabase ? ['DATABASE_URL'] : []), ...secrets]
  const { operatorSecret } = names
  const secretOf = (key: string) => (key === operatorSecret.key ? operatorSecret : { name: definition.name, key })
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: definition.name,
              image: `event-driven-bookinfo/${definition.name}:local`,
              ports: [
                { name: 'http', containerPort: httpPort },
                { name: 'admin', containerPort: adminPort },
              ],
              envFrom: [{ configMapRef: { name: definition.name } }],
              env: wanted.map((key) => ({ name: key, valueFrom: { secretKeyRef: secretOf(key) } })),
              livenessProbe: { ...probe('/healthz'), initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 5 },
              readinessProbe: { ...probe('/readyz'), initialDelaySeconds: 5, periodSeconds: 5, timeoutSeconds: 3 },
              resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  }
}

const service = ({ namespace }: Topology, name: string, labels: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: httpPort }] },
})
