import type { Entry } from '@bookinfo/eventlog'
import type { CloudEvent } from '../event.ts'
import { compileEventFilter } from '../eventsources/filter.ts'
import type { KafkaSource } from '../manifest/types.ts'

/** A topic as an EventSource reads it. */
type TopicSource = { eventSource: string; eventName: string; kafka: KafkaSource }

/**
 * Makes the events that Argo's Kafka EventSource makes of records (argo-events.md 2.1): the record in an envelope, its body byte for
 * byte. A text says why there is none: `jsonBody` is asked for and the body is none, or the filter does not let it pass.
 */
export const topicEvents = (source: TopicSource): ((entry: Entry) => CloudEvent | string) => {
  const passes = compileEventFilter(source.kafka.filter)
  return (entry) => {
    const event = topicEvent(source, entry)
    if (event === undefined) return 'the record is not JSON'
    const { pass, reason } = passes(event.data ?? '')
    return pass ? event : `the EventSource's filter: ${reason}`
  }
}

const topicEvent = ({ eventSource, eventName, kafka }: TopicSource, entry: Entry): CloudEvent | undefined => {
  const text = entry.payload.toString('utf8')
  if (kafka.jsonBody && !isJson(text)) return undefined
  const body = kafka.jsonBody ? text : JSON.stringify(entry.payload.toString('base64'))
  const { key, partition, position, headers, time } = entry
  const data =
    `{"topic":${JSON.stringify(kafka.topic)},"key":${JSON.stringify(key)},"partition":${partition},"body":${body},` +
    `"timestamp":"${goTime(time)}","headers":${JSON.stringify(sorted(headers))}${metadata(kafka)}}`
  const broker = kafka.url.split(',')[0]
  // Kafka counts from zero.
  const offset = position - 1
  return {
    id: `${eventSource}:${eventName}:${broker}:${kafka.topic}:${partition}:${offset}`,
    source: eventSource,
    specversion: '1.0',
    type: 'kafka',
    subject: eventName,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    data,
    isJson: true,
  }
}

const metadata = ({ metadata: given }: KafkaSource): string =>
  given && Object.keys(given).length > 0 ? `,"metadata":${JSON.stringify(sorted(given))}` : ''

const sorted = (record: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Go's `time.String()` in UTC, as the envelope shows it. */
const goTime = (time: Date): string => {
  const [date, clock = ''] = time.toISOString().split('T')
  const [seconds, milliseconds = '000'] = clock.slice(0, -1).split('.')
  const fraction = milliseconds.replace(/0+$/, '')
  return `${date} ${seconds}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
