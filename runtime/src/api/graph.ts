import type { Manifests } from '../manifest/kinds.ts'
import type { LedgerRow } from '../state/types.ts'

export type Graph = {
  nodes: { id: string; kind: 'eventsource' | 'trigger' | 'service'; label: string }[]
  edges: { from: string; to: string; deliveries?: number; applied?: number; dead?: number }[]
}

/** The system as a graph: EventSources, the triggers that read them, the services these call, with the ledger's figures. */
export const describeGraph = ({ eventSources, sensors }: Manifests, ledger: readonly LedgerRow[]): Graph => {
  const nodes = new Map<string, Graph['nodes'][number]>()
  const edges: Graph['edges'] = []
  const add = (kind: Graph['nodes'][number]['kind'], label: string): string => {
    const id = `${kind}:${label}`
    nodes.set(id, { id, kind, label })
    return id
  }
  for (const { name } of eventSources) add('eventsource', name)
  for (const { name: sensor, spec } of sensors) {
    for (const { template } of spec.triggers) {
      const trigger = add('trigger', `${sensor}/${template.name}`)
      const figures = ledger.filter(({ consumer }) => consumer === `${sensor}/${template.name}`)
      const sum = (name: 'deliveries' | 'applied' | 'dead') => figures.reduce((total, row) => total + row[name], 0)
      for (const { eventSourceName, name } of spec.dependencies) {
        if (template.conditions && !template.conditions.includes(name)) continue
        edges.push({ from: `eventsource:${eventSourceName}`, to: trigger, deliveries: sum('deliveries') })
      }
      if (!template.http) continue
      const service = add('service', new URL(template.http.url).hostname.split('.')[0] as string)
      edges.push({ from: trigger, to: service, applied: sum('applied'), dead: sum('dead') })
    }
  }
  return { nodes: [...nodes.values()], edges }
}
