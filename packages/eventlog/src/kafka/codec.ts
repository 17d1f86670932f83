import type { Entry, NewEntry, Origin } from '../port.ts'
import { deadLetterHeader } from '../publisher.ts'

/** A record as it is produced. */
export type OutgoingRecord = { key: string; value: Buffer; headers: Record<string, string>; time: Date }

/** A record as it was read. */
export type IncomingRecord = {
  topic: string
  partition: number
  position: number
  time: Date
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
}

/** How entries become records of a topic, and the other way round. */
export type Codec = { encode(entry: NewEntry, time: Date): OutgoingRecord; decode(record: IncomingRecord): Entry }

// Headers of our own stand only where a record could not tell by itself.
const own = { id: 'sluice-id', subject: 'sluice-subject', origin: 'sluice-origin' }
const ownNames = new Set(Object.values(own))

const originOf = (headers: Record<string, string>): Origin =>
  headers[deadLetterHeader] === undefined ? 'internal' : 'replay'

/** CloudEvents in binary mode, as services publish them: attributes as `ce_*` headers, the data as the value. */
export const binaryCodec: Codec = {
  encode: ({ id, subject, key, headers, payload, origin }, time) => ({
    key,
    value: payload,
    time,
    headers: {
      ...headers,
      ...(headers.ce_id !== id && { [own.id]: id }),
      ...(subject !== '' && { [own.subject]: subject }),
      ...(origin !== originOf(headers) && { [own.origin]: origin }),
    },
  }),
  decode: (record) => {
    const { all, headers } = readHeaders(record)
    const { topic, partition, position, time } = record
    return {
      partition,
      position,
      time,
      id: all.get(own.id) ?? headers.ce_id ?? `${topic}:${partition}:${position}`,
      subject: all.get(own.subject) ?? '',
      key: record.key?.toString('utf8') ?? '',
      headers,
      payload: record.value ?? Buffer.alloc(0),
      origin: (all.get(own.origin) as Origin | undefined) ?? originOf(headers),
    }
  },
}

const attributes = ['source', 'subject', 'type', 'time', 'datacontenttype'] as const

type StructuredEvent = { id?: string; data?: unknown; data_base64?: string } & Partial<
  Record<(typeof attributes)[number], string>
>

/** CloudEvents in structured mode, as Argo's bus carries them: the value is the whole event as JSON, its data in base64. */
export const structuredCodec: Codec = {
  encode: ({ id, subject, key, headers, payload, origin }, time) => {
    const event: StructuredEvent & { specversion: string } = { specversion: '1.0', id }
    const rest = { ...headers }
    for (const name of attributes) {
      const value = headers[`ce_${name}`]
      if (value === undefined) continue
      event[name] = value
      delete rest[`ce_${name}`]
    }
    event.data_base64 = payload.toString('base64')
    return {
      // Without a key, events of one subject keep their order: that is also how Argo keys them.
      key: key || subject,
      value: Buffer.from(JSON.stringify(event)),
      time,
      headers: { ...rest, ...(subjectOf(event) !== subject && { [own.subject]: subject }), [own.origin]: origin },
    }
  },
  decode: (record) => {
    const { all, headers } = readHeaders(record)
    const event = readEvent(record.value)
    const { topic, partition, position, time } = record
    const subject = all.get(own.subject) ?? subjectOf(event)
    const key = record.key?.toString('utf8') ?? ''
    for (const name of attributes) if (event[name] !== undefined) headers[`ce_${name}`] = event[name]
    return {
      partition,
      position,
      time,
      id: event.id ?? `${topic}:${partition}:${position}`,
      subject,
      key: key === subject ? '' : key,
      headers,
      payload: payloadOf(event),
      origin: (all.get(own.origin) as Origin | undefined) ?? 'client',
    }
  },
}

const subjectOf = ({ source = '', subject = '' }: StructuredEvent): string => `${source}.${subject}`

/** What somebody else wrote may be no event: it is read as one that no dependency asks for. */
const readEvent = (value: Buffer | null): StructuredEvent => {
  try {
    const event: unknown = JSON.parse(value?.toString('utf8') ?? '')
    return typeof event === 'object' && event !== null ? event : {}
  } catch {
    return {}
  }
}

const payloadOf = ({ data, data_base64: base64 }: StructuredEvent): Buffer => {
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  return data === undefined ? Buffer.alloc(0) : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))
}

const readHeaders = (record: IncomingRecord): { all: Map<string, string>; headers: Record<string, string> } => {
  const all = new Map(
    record.headers.map(([name, value]) => [name?.toString('utf8') ?? '', value?.toString('utf8') ?? '']),
  )
  return { all, headers: Object.fromEntries([...all].filter(([name]) => !ownNames.has(name))) }
}
