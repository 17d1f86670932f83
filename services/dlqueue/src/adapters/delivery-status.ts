import { createHttpClient, pathOf } from '@bookinfo/server'
import type { DeliveryStatus } from '../ports.ts'

const timeoutMs = 3_000

type Lineage = { deliveries?: { sensor: string; trigger: string; outcome: string; origin: string }[] }

/** Asks the runtime what became of a replayed event. */
export const createDeliveryStatus = (options: {
  url: string
  token: string | undefined
}): DeliveryStatus & { close(): Promise<void> } => {
  const client = createHttpClient({ name: 'the runtime', baseUrl: options.url, timeoutMs })
  return {
    isApplied: async ({ eventId, sensorName, failedTrigger }) => {
      const headers: Record<string, string> = options.token ? { authorization: `Bearer ${options.token}` } : {}
      const reply = await client.call({ method: 'GET', path: pathOf('/api/events/:id', { id: eventId }), headers })
      if (reply.status !== 200) return undefined
      const { deliveries = [] } = JSON.parse(reply.text) as Lineage
      const own = deliveries.filter(
        ({ sensor, trigger, origin }) => sensor === sensorName && trigger === failedTrigger && origin === 'replay',
      )
      return own.length === 0 ? undefined : own.at(-1)?.outcome === 'applied'
    },
    close: () => client.close(),
  }
}
