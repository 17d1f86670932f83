import { randomUUID } from 'node:crypto'
import type { MsgHdrs } from '@nats-io/transport-node'
import type { Entry, NewEntry, Origin } from '../port.ts'
import { deadLetterHeader } from '../publisher.ts'
import { entrySubject } from './names.ts'

// What CloudEvents headers and the server's own do not say. Values are encoded, since NATS trims them and knows no line breaks.
const own = {
  messageId: 'Nats-Msg-Id',
  id: 'Sluice-Id',
  key: 'Sluice-Key',
  origin: 'Sluice-Origin',
  more: 'Sluice-Headers',
}
const ownNames = new Set(Object.values(own))

/** The headers of an entry's message: CloudEvents attributes with a dash (`ce-type`), whatever NATS would change as JSON in one. */
export const toHeaders = (entry: Omit<NewEntry, 'dedupe'>, empty: () => MsgHdrs): MsgHdrs => {
  const headers = empty()
  const awkward: Record<string, string> = {}
  for (const [name, value] of Object.entries(entry.headers)) {
    if (isSafe(name, value)) headers.append(name.replace(/^ce_(?=[a-z0-9]+$)/, 'ce-'), value)
    else awkward[name] = value
  }
  headers.append(own.messageId, messageId(entry))
  if (entry.headers.ce_id !== entry.id) headers.append(own.id, pack(entry.id))
  if (entry.headers.ce_subject !== entry.key) headers.append(own.key, pack(entry.key))
  if (entry.origin !== originOf(entry.headers)) headers.append(own.origin, entry.origin)
  if (Object.keys(awkward).length > 0) headers.append(own.more, pack(JSON.stringify(awkward)))
  return headers
}

/** A replay inside the server's duplicate window would be swallowed under the event's own id. */
const messageId = ({ id, origin }: Pick<NewEntry, 'id' | 'origin'>): string =>
  `${/^[!-~]+$/.test(id) ? id : pack(id)}${origin === 'replay' ? `~${randomUUID()}` : ''}`

export type StoredMessage = {
  stream: string
  subject: string
  position: number
  time: Date
  headers: MsgHdrs | undefined
  data: Uint8Array
}

/** The entry that a message of a stream holds, whoever published it. */
export const toEntry = ({ stream, subject, position, time, headers, data }: StoredMessage): Entry => {
  const given: Record<string, string> = {}
  for (const [name, values] of headers ?? []) {
    if (!ownNames.has(name)) given[name.replace(/^ce-(?=[a-z0-9]+$)/, 'ce_')] = values[0] ?? ''
  }
  const mine = (name: string): string | undefined => {
    const value = headers?.get(name)
    return value ? unpack(value) : undefined
  }
  Object.assign(given, JSON.parse(mine(own.more) ?? '{}'))
  return {
    partition: 0,
    position,
    time,
    id: mine(own.id) ?? given.ce_id ?? `${stream}:${position}`,
    subject: entrySubject(stream, subject),
    key: mine(own.key) ?? given.ce_subject ?? '',
    headers: given,
    payload: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    origin: (headers?.get(own.origin) as Origin | undefined) || originOf(given),
  }
}

const originOf = (headers: Record<string, string>): Origin =>
  headers[deadLetterHeader] === undefined ? 'internal' : 'replay'

const isSafe = (name: string, value: string): boolean =>
  /^[a-zA-Z0-9_-]+$/.test(name) && !/^(nats|sluice|ce)-/i.test(name) && /^[!-~]([ -~]*[!-~])?$/.test(value)

const pack = (text: string): string => `=${Buffer.from(text).toString('base64url')}`
const unpack = (value: string): string => Buffer.from(value.slice(1), 'base64url').toString()
