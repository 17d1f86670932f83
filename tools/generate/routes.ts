import type { Topology } from '@bookinfo/contract'
import { names } from './names.ts'

/** The gateway's routes: a command's POST to its webhook, reads to the services, pages to productpage. */
export const httpRoutes = ({ namespace, commands, services, ports }: Topology): object[] => [
  ...commands
    .filter(({ isPublic }) => isPublic)
    .map(({ service, event, route }) =>
      httpRoute(namespace, `${service}-${event}-write`, {
        match: { path: { type: 'Exact', value: route.path }, method: route.method },
        backend: { name: names.eventSourceService(event), port: ports.webhooks },
      }),
    ),
  ...services.flatMap(({ definition, reads }) =>
    reads.map((prefix) =>
      httpRoute(namespace, prefix === '/' ? definition.name : `${definition.name}-read`, {
        match: { path: { type: 'PathPrefix', value: prefix }, method: 'GET' },
        backend: { name: definition.name, port: 80 },
      }),
    ),
  ),
  httpRoute(namespace, 'productpage-partials', {
    match: { path: { type: 'PathPrefix', value: '/partials' }, method: 'POST' },
    backend: { name: 'productpage', port: 80 },
  }),
]

const httpRoute = (
  namespace: string,
  name: string,
  { match, backend }: { match: object; backend: { name: string; port: number } },
): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name, namespace },
  spec: {
    parentRefs: [{ name: 'default-gw', namespace: 'platform', sectionName: 'web' }],
    rules: [{ matches: [match], backendRefs: [backend] }],
  },
})
