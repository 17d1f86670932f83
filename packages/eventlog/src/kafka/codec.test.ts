import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewEntry } from '../port.ts'
import { structuredCodec } from './codec.ts'
import { topicName } from './topics.ts'

const time = new Date('2026-03-04T05:06:07.008Z')
const entry: NewEntry = {
  id: 'e1',
  subject: 'rating-submitted.rating-submitted',
  key: '',
  headers: {
    ce_source: 'rating-submitted',
    ce_subject: 'rating-submitted',
    ce_type: 'webhook',
    ce_time: '2026-03-04T05:06:07.008Z',
    ce_datacontenttype: 'application/json',
    traceparent: 't',
  },
  payload: Buffer.from('{"body":{"big":12345678901234567890}}'),
  origin: 'replay',
}
const place = { topic: 'bus', partition: 1, position: 7, time }
const bytes = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const)

test('an event on the bus is a whole CloudEvent with its data in base64, keyed as Argo keys it', () => {
  const { key, value, headers } = structuredCodec.encode(entry, time)
  assert.equal(key, 'rating-submitted.rating-submitted')
  assert.deepEqual(JSON.parse(value.toString()), {
    specversion: '1.0',
    id: 'e1',
    source: 'rating-submitted',
    subject: 'rating-submitted',
    type: 'webhook',
    time: '2026-03-04T05:06:07.008Z',
    datacontenttype: 'application/json',
    data_base64: entry.payload.toString('base64'),
  })
  const decoded = structuredCodec.decode({ ...place, key: Buffer.from(key), value, headers: bytes(headers) })
  assert.deepEqual(decoded, { ...entry, partition: 1, position: 7, time })
})

test('an event that Argo itself put on the bus is read by its source and subject', () => {
  const value = Buffer.from(
    '{"specversion":"1.0","id":"a","source":"s","type":"webhook","subject":"e","time":"t","data_base64":"e30="}',
  )
  const decoded = structuredCodec.decode({ ...place, key: Buffer.from('s.e'), value, headers: [] })
  assert.deepEqual([decoded.id, decoded.subject, decoded.payload.toString()], ['a', 's.e', '{}'])
})

test('what is no CloudEvent has a subject that nobody asks for', () => {
  for (const text of ['', 'x', 'null', '[]', '"a"']) {
    const decoded = structuredCodec.decode({ ...place, key: null, value: Buffer.from(text), headers: [] })
    assert.deepEqual([decoded.id, decoded.subject], ['bus:1:7', '.'])
  }
})

test('names that Kafka forbids become names of their own', () => {
  assert.equal(topicName('bookinfo_ratings.events-1'), 'bookinfo_ratings.events-1')
  const names = ['é', 'è', '.', '..', 'a b', 'a_b', 'x'.repeat(300)].map(topicName)
  assert.equal(new Set(names).size, names.length)
  for (const name of names) assert.match(name, /^[\w.-]{1,249}$/)
})
