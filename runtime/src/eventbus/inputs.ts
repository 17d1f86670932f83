import type { Entry } from '@bookinfo/eventlog'
import type { CloudEvent } from '../event.ts'
import type { Dependency, EventSource } from '../manifest/types.ts'
import { busEvent, busLog, subjectOf } from './bus.ts'
import { topicEvents } from './topic.ts'

/** Where the events of one dependency come from, and how an entry there becomes its event. */
export type Input = {
  log: string
  subject: string
  /** The reader group that the manifest names. */
  group?: string
  /** Where a trigger that nobody knew begins. */
  start: 'earliest' | 'latest'
  /** A text says why the entry is no event. */
  toEvent(entry: Entry): CloudEvent | string
}

/**
 * The log and subject that a dependency reads. An EventSource on an embedded topic is a cursor on the topic's own log, not a copy of
 * it on the bus; any other EventSource publishes to the bus. Undefined when no EventSource has that event.
 */
export const inputOf = (
  dependency: Dependency,
  { eventSources, busName }: { eventSources: readonly EventSource[]; busName: string },
): Input | undefined => {
  const { eventSourceName, eventName } = dependency
  const source = eventSources.find(({ name }) => name === eventSourceName)
  const kafka = source?.spec.kafka?.[eventName]
  if (kafka !== undefined) {
    const toEvent = topicEvents({ eventSource: eventSourceName, eventName, kafka })
    const start = kafka.consumerGroup?.oldest ? 'earliest' : 'latest'
    const group = kafka.consumerGroup?.groupName
    return {
      log: kafka.topic,
      subject: '',
      start,
      toEvent,
      ...(group && { group }),
    }
  }
  if (source?.spec.webhook?.[eventName] === undefined) return undefined
  const subject = subjectOf({ source: eventSourceName, event: eventName })
  return { log: busLog(busName), subject, start: 'latest', toEvent: busEvent }
}
