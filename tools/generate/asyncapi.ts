import type { EventDefinition, ServiceDefinition } from '@bookinfo/contract'
import type { TSchema } from 'typebox'

/** The AsyncAPI 3 document of the events that a service publishes; undefined when it publishes none. */
export const asyncApi = ({ name, version, summary, events }: ServiceDefinition): object | undefined => {
  const published = events as readonly EventDefinition<TSchema>[]
  const [first] = published
  if (first === undefined) return undefined
  const messageName = ({ type }: { type: string }) => type.split('.').at(-1) as string
  return {
    asyncapi: '3.0.0',
    info: { title: `${name} events`, version, description: summary },
    channels: {
      events: {
        address: first.topic,
        messages: Object.fromEntries(
          published.map((event) => [messageName(event), { $ref: `#/components/messages/${messageName(event)}` }]),
        ),
      },
    },
    operations: { publish: { action: 'send', channel: { $ref: '#/channels/events' } } },
    components: {
      messages: Object.fromEntries(
        published.map((event) => [
          messageName(event),
          {
            name: event.type,
            summary: event.summary,
            contentType: 'application/json',
            headers: {
              type: 'object',
              properties: {
                ce_specversion: { const: '1.0' },
                ce_type: { const: event.type },
                ce_source: { const: name },
                ce_id: { type: 'string' },
                ce_time: { type: 'string', format: 'date-time' },
                ce_subject: { type: 'string' },
              },
            },
            payload: event.data,
          },
        ]),
      ),
    },
  }
}
