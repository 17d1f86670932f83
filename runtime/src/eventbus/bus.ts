import type { Appended, Entry, EventLog, Origin } from '@bookinfo/eventlog'
import type { CloudEvent } from '../event.ts'

/** What an EventSource hands to the bus. */
export type NewEvent = {
  cloudEvent: CloudEvent
  /** Entries of one key keep their order on a partitioned bus; the empty string for none. */
  key: string
  origin: Origin
  /** Trace context and request id, which go on with the event. */
  headers: Record<string, string>
  dedupe?: { key: string; fingerprint: string }
}

/** One EventBus: a durable log of CloudEvents. */
export type Bus = {
  name: string
  /** Durable when it resolves; rejects with `unavailable` when it could not be stored in time. */
  publish(event: NewEvent): Promise<Appended>
}

/** The name of the log that carries an EventBus. */
export const busLog = (busName: string): string => `bus.${busName}`

/** The subject of a webhook's entries: what a dependency names. */
export const subjectOf = ({ source, event }: { source: string; event: string }): string => `${source}.${event}`

/** Puts CloudEvents on a log: attributes as headers, data as the exact bytes. */
export const createBus = ({ eventLog, name }: { eventLog: EventLog; name: string }): Bus => {
  const log = busLog(name)
  return {
    name,
    publish: async ({ cloudEvent, key, origin, headers, dedupe }) => {
      const [appended] = await eventLog.append(log, [
        {
          id: cloudEvent.id,
          subject: subjectOf({ source: cloudEvent.source, event: cloudEvent.subject }),
          key,
          origin,
          headers: { ...headers, ...attributes(cloudEvent) },
          payload: Buffer.from(cloudEvent.data ?? ''),
          ...(dedupe && { dedupe }),
        },
      ])
      return appended as Appended
    },
  }
}

const attributes = ({ source, subject, type, time, datacontenttype }: CloudEvent): Record<string, string> => ({
  ce_source: source,
  ce_subject: subject,
  ce_type: type,
  ce_time: time,
  ...(datacontenttype && { ce_datacontenttype: datacontenttype }),
})

/** The CloudEvent that an entry of a bus holds; EventSources put only valid JSON on it. */
export const busEvent = ({ id, headers, payload }: Entry): CloudEvent => ({
  id,
  source: headers.ce_source ?? '',
  specversion: '1.0',
  type: headers.ce_type ?? '',
  subject: headers.ce_subject ?? '',
  time: headers.ce_time ?? '',
  datacontenttype: headers.ce_datacontenttype ?? 'application/json',
  data: payload.toString('utf8'),
  isJson: true,
})
