import type { Topology } from '@bookinfo/contract'
import { stringify } from 'yaml'
import { asyncApi } from './asyncapi.ts'
import { eventBus, topicSources, webhookSources } from './event-sources.ts'
import { openApi } from './openapi.ts'
import { httpRoutes } from './routes.ts'
import { commandSensors, consumerSensors } from './sensors.ts'
import { eventSourceServices, workloads } from './workloads.ts'

const header = '# Generated from topology.ts and the contracts; do not edit. Run: npm run generate\n'

/** Everything that is derived from the topology, by path. */
export const generatedFiles = (topology: Topology): Map<string, string> =>
  new Map([
    ['deploy/local/eventbus.yaml', documents([eventBus(topology)])],
    [
      'deploy/local/eventsources.yaml',
      documents([...webhookSources(topology), ...topicSources(topology), ...eventSourceServices(topology)]),
    ],
    ['deploy/local/sensors.yaml', documents([...commandSensors(topology), ...consumerSensors(topology)])],
    ['deploy/local/httproutes.yaml', documents(httpRoutes(topology))],
    ['deploy/local/workloads.yaml', documents(workloads(topology))],
    ...topology.services.flatMap(({ definition }): [string, string][] => {
      const events = asyncApi(definition)
      const folder = `services/${definition.name}/api`
      return [
        [`${folder}/openapi.yaml`, documents([openApi(definition)])],
        ...(events ? [[`${folder}/asyncapi.yaml`, documents([events])] as [string, string]] : []),
      ]
    }),
  ])

const documents = (values: readonly object[]): string =>
  header +
  values
    .map((value) => stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 130, aliasDuplicateObjects: false }))
    .join('---\n')
