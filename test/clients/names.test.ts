import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'

const everywhere = [
  'http_server_request_duration_seconds histogram',
  'http_server_requests_total counter',
  'http_server_active_requests gauge',
]
const metricNames: Record<string, readonly string[]> = {
  details: ['books_added_total counter'],
  reviews: ['reviews_submitted_total counter'],
  ratings: ['ratings_submitted_total counter'],
  notification: [
    'notifications_dispatched_total counter',
    'notifications_failed_total counter',
    'notifications_by_status gauge',
  ],
  dlqueue: [
    'dlq_events_ingested_total counter',
    'dlq_events_replayed_total counter',
    'dlq_events_resolved_total counter',
    'dlq_events_poisoned_total counter',
    'dlq_depth gauge',
    'dlq_replay_duration_seconds histogram',
  ],
  ingestion: [
    'ingestion_scrapes_total counter',
    'ingestion_books_published_total counter',
    'ingestion_errors_total counter',
  ],
  productpage: [],
}

describe('names that dashboards and searches rely on', () => {
  let system: TestSystem
  before(async () => {
    system = await startTestSystem()
  })
  after(() => system.remove())

  const admin = async (name: string, path: string) => {
    const { host, ports } = system.addresses
    return fetch(`http://${host}:${ports.services[name]?.admin}${path}`)
  }
  const logLines = (name: string) =>
    readFileSync(join(system.dataDir, 'logs', `${name}.log`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  for (const [name, own] of Object.entries(metricNames)) {
    test(`${name} shows its metrics, and that it is alive and ready`, async () => {
      const text = await (await admin(name, '/metrics')).text()
      for (const metric of [...everywhere, ...own])
        assert.ok(text.includes(`# TYPE ${metric}\n`), `${metric} in ${text}`)
      assert.deepEqual(await (await admin(name, '/healthz')).json(), { status: 'ok' })
      assert.deepEqual(await (await admin(name, '/readyz')).json(), { status: 'ready' })
    })
  }

  test('a request is counted under its route and status, and its lines are found by their fields', async () => {
    const key = { 'idempotency-key': 'names' }
    await system.post('/v1/ratings', { product_id: 'names', reviewer: 'alice', stars: 5 }, key)
    const logged = (name: string, message: string) =>
      waitFor(`"${message}"`, async () => logLines(name).find(({ msg }) => msg === message))
    const line = await logged('ratings', 'rating submitted')
    assert.deepEqual([line.level, line.service, line.product_id], ['INFO', 'ratings', 'names'])
    for (const field of ['time', 'request_id', 'trace_id', 'span_id', 'rating_id'])
      assert.equal(typeof line[field], 'string', field)
    const request = await logged('ratings', 'request completed')
    for (const field of ['method', 'path', 'status', 'duration_ms', 'remote_addr'])
      assert.notEqual(request[field], undefined, field)
    await logged('notification', 'dispatching notification (log mode)')
    await logged('notification', 'notification dispatched')
    const counted = 'http_server_requests_total{method="POST",route="/v1/ratings",status="201"} 1'
    await waitFor(counted, async () => (await (await admin('ratings', '/metrics')).text()).includes(counted))
  })
})
