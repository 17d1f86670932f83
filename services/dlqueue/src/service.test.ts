import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { readEnv } from '@bookinfo/config'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import type { BatchResult, Letter } from './contract.ts'
import { createDlqueue } from './service.ts'

const received: { headers: IncomingHttpHeaders; body: string }[] = []
let answer = 200
const eventSource = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  received.push({ headers: request.headers, body })
  response.writeHead(answer, { 'event-id': 'replayed-event' }).end('success')
})
await new Promise<void>((resolve) => eventSource.listen(0, '127.0.0.1', resolve))
after(() => eventSource.close())
const eventSourceUrl = `http://127.0.0.1:${(eventSource.address() as AddressInfo).port}/v1/ratings`

const start = async () => {
  received.length = 0
  answer = 200
  const published: OutgoingEvent[] = []
  const lines: string[] = []
  const env = {
    SERVICE_NAME: 'dlqueue',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    OPERATOR_TOKEN: 'secret',
    REPLAY_TARGETS: JSON.stringify({
      'rating-submitted': { url: eventSourceUrl },
      'review-deleted': { url: eventSourceUrl, isGuarded: true },
      'ratings-events': { topic: 'facts' },
    }),
  }
  const service = await createDlqueue(readConfig(readEnv(env)), {
    publisher: { publish: async (events) => void published.push(...events), close: async () => {} },
    logDestination: { write: (line) => void lines.push(line) },
  })
  const { api, admin } = await service.listen()
  const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await fetch(`${api}${path}`, {
      method,
      headers: { authorization: 'Bearer secret', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: reply.status, body: (await reply.json()) as T }
  }
  const ingest = (fields: object = {}, headers = {}) =>
    call<Letter>('POST', '/v1/events', { ...failed, ...fields }, headers)
  const metrics = async () => (await fetch(`${admin}/metrics`)).text()
  return { service, api, call, ingest, published, metrics, lines }
}

const failed = {
  event_id: 'e1',
  event_source: 'rating-submitted',
  sensor_name: 'ratings-sensor',
  failed_trigger: 'rating-submitted',
  eventsource_name: 'rating-submitted',
  eventsource_url: 'http://169.254.169.254/',
  original_payload: '{"b":1, "a":2.0}',
  original_headers: '{"X-Tenant":["t"],"Cookie":["c"],"Content-Length":["3"],"Connection":["close"]}',
}

test('a letter is sent again to the address in our configuration, with the first key and without what belongs to a connection', async () => {
  const { service, call, ingest } = await start()
  const { status, body: letter } = await ingest()
  assert.deepEqual([status, letter.status, letter.original_payload_text], [201, 'pending', failed.original_payload])
  const replay = await call<Letter>('POST', `/v1/events/${letter.id}/replay`)
  assert.deepEqual([replay.status, replay.body.status], [200, 'replayed'])
  const [sent] = received
  assert.equal(sent?.body, failed.original_payload)
  const { 'idempotency-key': key, 'dead-letter-id': id, 'x-tenant': tenant, cookie } = sent?.headers ?? {}
  assert.deepEqual([key, id, tenant, cookie], ['e1/rating-submitted', letter.id, 't', undefined])
  await service.close()
})

test('the caller’s own key is sent again as it was', async () => {
  const { service, call, ingest } = await start()
  const { body: letter } = await ingest({ original_headers: { 'Idempotency-Key': ['own'] } })
  await call('POST', `/v1/events/${letter.id}/replay`)
  assert.equal(received[0]?.headers['idempotency-key'], 'own')
  await service.close()
})

test('a record is published to its topic again under its own id and key', async () => {
  const { service, call, ingest, published } = await start()
  const topic = {
    eventsource_name: 'ratings-events',
    record_key: 'p1',
    original_headers: { ce_id: 'e1', ce_type: 't' },
  }
  const { body: letter } = await ingest(topic)
  await call('POST', `/v1/events/${letter.id}/replay`)
  const [event] = published
  assert.deepEqual(
    [event?.id, event?.topic, event?.key, event?.headers['dead-letter-id']],
    ['e1', 'facts', 'p1', letter.id],
  )
  await service.close()
})

test('four operators who replay one letter at once send it once', async () => {
  const { service, call, ingest } = await start()
  const { body: letter } = await ingest()
  const replies = await Promise.all([1, 2, 3, 4].map(() => call('POST', `/v1/events/${letter.id}/replay`)))
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409, 409, 409])
  assert.equal(received.length, 1)
  await service.close()
})

test('an EventSource that refuses leaves the letter pending, and an unknown one is a conflict', async () => {
  const { service, call, ingest } = await start()
  answer = 500
  const { body: letter } = await ingest()
  assert.equal((await call('POST', `/v1/events/${letter.id}/replay`)).status, 502)
  assert.equal((await call<Letter>('GET', `/v1/events/${letter.id}`)).body.status, 'pending')
  const { body: unknown } = await ingest({ event_id: 'e2', eventsource_name: 'elsewhere', event_source: 'elsewhere' })
  assert.equal((await call('POST', `/v1/events/${unknown.id}/replay`)).status, 409)
  await service.close()
})

test('a replay that fails again finds its letter, and the same failure delivered again counts nothing', async () => {
  const { service, call, ingest } = await start()
  const { body: letter } = await ingest()
  assert.equal((await ingest()).body.retry_count, 0)
  await call('POST', `/v1/events/${letter.id}/replay`)
  const again = (await ingest({ event_id: 'e9', dead_letter_id: letter.id })).body
  assert.deepEqual([again.id, again.retry_count, again.status], [letter.id, 1, 'pending'])
  await service.close()
})

test('the failure that the runtime tells is kept, and one that is not readable is no reason to refuse', async () => {
  const { service, ingest } = await start()
  const attempts = [{ at: '2026-01-15T10:00:00Z', duration_ms: 3, status: 500, error: 'x' }]
  const header = Buffer.from(JSON.stringify({ status: 500, error: 'x', attempts })).toString('base64url')
  const { body: told } = await ingest({}, { 'sluice-failure': header })
  assert.deepEqual([told.failure_status, told.failure_error, told.attempts], [500, 'x', attempts])
  assert.equal((await ingest({ event_id: 'e3' }, { 'sluice-failure': '%%%' })).status, 201)
  await service.close()
})

test('a batch gives one result for each letter and goes on after a failure', async () => {
  const { service, call, ingest } = await start()
  for (let n = 0; n < 5; n += 1) await ingest({ event_id: `b${n}`, ...(n === 2 && { eventsource_name: 'elsewhere' }) })
  const { body } = await call<BatchResult>('POST', '/v1/events/batch/replay', { limit: 10 })
  assert.deepEqual([body.affected_count, body.failed_count, body.results.length], [4, 1, 5])
  const ids = body.results.filter(({ ok }) => ok).map(({ id }) => id)
  const resolved = await call<BatchResult>('POST', '/v1/events/batch/resolve', { ids, resolved_by: 'ann' })
  assert.equal(resolved.body.affected_count, 4)
  await waitFor('four sent', () => received.length === 4)
  await service.close()
})

test('letters are for operators only, and wrong filters are refused', async () => {
  const { service, api, call } = await start()
  assert.equal((await fetch(`${api}/v1/events`)).status, 401)
  for (const query of ['offset=-1', 'created_after=yesterday', 'status=odd', 'limit=0']) {
    assert.equal((await call('GET', `/v1/events?${query}`)).status, 400)
  }
  assert.equal((await call('GET', '/v1/events/unknown')).status, 404)
  await service.close()
})

test('what happens to letters is counted, and how many there are of each status', async () => {
  const { service, call, ingest, metrics } = await start()
  const { body: letter } = await ingest()
  await ingest({ event_id: 'e2' })
  await call('POST', `/v1/events/${letter.id}/replay`)
  await call('POST', `/v1/events/${letter.id}/resolve`, { resolved_by: 'ada' })
  const text = await metrics()
  const place = 'event_source="rating-submitted",sensor_name="ratings-sensor"'
  for (const line of [
    `dlq_events_ingested_total{${place},failed_trigger="rating-submitted"} 2`,
    `dlq_events_replayed_total{${place}} 1`,
    'dlq_events_resolved_total{event_source="rating-submitted",resolved_by="operator"} 1',
    'dlq_depth{status="pending",event_source="rating-submitted"} 1',
    'dlq_depth{status="resolved",event_source="rating-submitted"} 1',
    `dlq_replay_duration_seconds_count{${place}} 1`,
  ])
    assert.ok(text.includes(`${line}\n`), `${line} in\n${text}`)
  await service.close()
})

test('a replay that fails after its letter was closed changes nothing, and that is logged', async () => {
  const { service, call, ingest, lines } = await start()
  const { body: letter } = await ingest()
  await call('POST', `/v1/events/${letter.id}/resolve`, { resolved_by: 'ada' })
  const { status, body } = await ingest({ dead_letter_id: letter.id })
  assert.deepEqual([status, body.status], [201, 'resolved'])
  assert.ok(lines.some((line) => line.includes('dlq re-ingest on resolved event — ignoring')))
  await service.close()
})

test('only a guarded webhook is sent the operator’s token', async () => {
  const { service, call, ingest } = await start()
  for (const source of ['rating-submitted', 'review-deleted']) {
    const { body: letter } = await ingest({ event_id: source, eventsource_name: source })
    await call('POST', `/v1/events/${letter.id}/replay`)
  }
  assert.deepEqual(
    received.map(({ headers }) => headers.authorization),
    [undefined, 'Bearer secret'],
  )
  await service.close()
})

test('a page has at most 200 letters, whatever is asked for, and says so', async () => {
  const { service, call, ingest } = await start()
  await Promise.all(Array.from({ length: 201 }, (_, n) => ingest({ event_id: `e${n}` })))
  const { status, body } = await call<{ items: Letter[]; total_items: number; limit: number }>(
    'GET',
    '/v1/events?status=pending&limit=500',
  )
  assert.deepEqual([status, body.items.length, body.total_items, body.limit], [200, 200, 201, 200])
  await service.close()
})
