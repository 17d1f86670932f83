import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLogger } from '@bookinfo/logging'
import { createMetrics } from '@bookinfo/metrics'
import { type Answer, atEnd, postRandomBodies, testDatabase } from '@bookinfo/testing'
import { loadManifests } from './manifest/load.ts'
import { createRuntime } from './runtime.ts'

const manifests = loadManifests([join(import.meta.dirname, '../../deploy/local')])

const { pool } = await testDatabase()
const runtime = await createRuntime({
  manifests: {
    ...manifests,
    // What happens behind the log is not asked here.
    sensors: [],
    eventSources: manifests.eventSources.map(({ spec, ...source }) => ({
      ...source,
      spec: { ...spec, webhook: onFreePorts(spec.webhook ?? {}) },
    })),
  },
  database: pool,
  services: Object.fromEntries(manifests.services.map(({ name }) => [name, 'http://127.0.0.1:1'])),
  gateway: { host: '127.0.0.1', port: 0 },
  webhooks: { host: '127.0.0.1', portOffset: 0 },
  secrets: { operator: { OPERATOR_TOKEN: 'secret' } },
  logger: silentLogger,
  metrics: createMetrics(),
})
const { gateway, webhooks } = await runtime.start()
atEnd(async () => void (await runtime.close()))

function onFreePorts<Endpoint extends object>(endpoints: Record<string, Endpoint>) {
  return Object.fromEntries(Object.entries(endpoints).map(([name, endpoint]) => [name, { ...endpoint, port: '0' }]))
}

const commands: { event: string; path: string; fields: Record<string, readonly unknown[]> }[] = [
  {
    event: 'rating-submitted',
    path: '/v1/ratings',
    fields: {
      product_id: ['p1', 'كتاب'],
      reviewer: ['alice', 'ボブ <b>'],
      stars: [1, 5],
      idempotency_key: ['', 'k', undefined],
    },
  },
  {
    event: 'review-submitted',
    path: '/v1/reviews',
    fields: {
      product_id: ['p1'],
      reviewer: ['alice', 'ボブ'],
      text: ['Great & <good>', 'x'.repeat(10_000)],
      review_id: ['v-1', undefined],
    },
  },
  { event: 'review-deleted', path: '/v1/reviews/delete', fields: { review_id: ['v-1', 'v-2'] } },
  {
    event: 'book-added',
    path: '/v1/details',
    fields: { title: ['Ulysses'], author: ['Joyce'], year: [1922, -800, undefined], pages: [730, undefined] },
  },
  {
    event: 'dlq-event-received',
    path: '/v1/events',
    fields: {
      event_id: ['e1'],
      sensor_name: ['ratings-sensor'],
      original_payload: ['{"a": 12345678901234567890}'],
      original_headers: [{ a: ['b'] }, undefined],
    },
  },
]

/** What was answered with 200 is in the log once, whole, and nothing else is. */
const assertLogged = async (event: string, answers: readonly Answer[]): Promise<void> => {
  const accepted = answers.filter(({ status }) => status === 200)
  const sql = `SELECT id, payload FROM eventlog_entries WHERE log = 'bus.default' AND subject = $1`
  const { rows } = await pool.query(sql, [`${event}.${event}`])
  const logged = new Map(rows.map(({ id, payload }) => [id, JSON.parse(payload).body]))
  assert.equal(rows.length, accepted.length)
  for (const { headers, body } of accepted) {
    assert.deepEqual(logged.get(headers['event-id'] as string), JSON.parse(body.toString()))
  }
}

for (const { event, path, fields } of commands) {
  test(`of ten thousand random bodies those that ${event} takes are in the log exactly once`, async () => {
    const sent = { fields, headers: { authorization: 'Bearer secret' } }
    const isPublic = event !== 'dlq-event-received'
    const answers = await postRandomBodies(`${webhooks[0]}${path}`, sent)
    const more = isPublic ? await postRandomBodies(`${gateway}${path}`, sent) : []
    await assertLogged(event, [...answers, ...more])
  })
}
