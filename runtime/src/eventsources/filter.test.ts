import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEventLog, type Entry } from '@bookinfo/eventlog'
import { createMetrics } from '@bookinfo/metrics'
import { busLog, createBus } from '../eventbus/bus.ts'
import { inputOf } from '../eventbus/inputs.ts'
import { compileEventFilter } from './filter.ts'
import { createWebhooks } from './webhook.ts'

const filter = { expression: 'body.kind == "x"' }

test('a webhook answers success for what its filter keeps back, and stores nothing', async () => {
  const eventLog = createMemoryEventLog()
  const endpoint = { port: '12000', endpoint: '/things', method: 'POST', filter }
  const source = { name: 'things', namespace: 'n', annotations: {}, spec: { webhook: { thing: endpoint } } }
  const bus = createBus({ eventLog, name: 'default' })
  const [webhook] = createWebhooks([source], { bus, secrets: {}, metrics: createMetrics(), now: () => new Date() })
  const post = (body: string) =>
    webhook?.accept({ method: 'POST', path: '/things', headers: [], body: Buffer.from(body) }, 'client')
  for (const body of ['{"kind":"y"}', '[]', '1']) {
    const reply = await post(body)
    assert.deepEqual([reply?.status, reply?.body, reply?.headers['event-id']], [200, 'success', undefined])
  }
  const stored = await post('{"kind":"x"}')
  assert.ok(await eventLog.find(busLog('default'), stored?.headers['event-id'] ?? ''))
  const counts = await eventLog.counts(busLog('default'))
  assert.deepEqual(
    counts.map(({ count }) => count),
    [1],
  )
})

test('a record of a topic that the filter keeps back is no event', () => {
  const kafka = { url: 'k:9092', topic: 't', jsonBody: true, consumerGroup: { groupName: 'g' }, filter }
  const source = { name: 'facts', namespace: 'n', annotations: {}, spec: { kafka: { events: kafka } } }
  const dependency = { name: 'd', eventSourceName: 'facts', eventName: 'events' }
  const input = inputOf(dependency, { eventSources: [source], busName: 'default' })
  const entry = (payload: string) =>
    ({ key: 'k', partition: 0, position: 1, headers: {}, time: new Date(0), payload: Buffer.from(payload) }) as Entry
  assert.equal(input?.toEvent(entry('{"kind":"y"}')), 'the EventSource\'s filter: body.kind == "x" is not true')
  assert.equal(input?.toEvent(entry('{')), 'the record is not JSON')
  assert.equal(typeof input?.toEvent(entry('{"kind":"x"}')), 'object')
})

test('names of the data take underscores for dashes, and those with dots lead into maps', () => {
  const passes = (expression: string) => compileEventFilter({ expression })('{"a-b":1,"x.y":5,"x.z.w":"q","x":0}').pass
  for (const expression of ['a_b == 1', 'x.y == 5', 'x.z.w == "q"', 'asInt("7") == 7', 'sprig.upper("q") == "Q"'])
    assert.equal(passes(expression), true, expression)
  assert.equal(passes('sprig.upper(1) == "1"'), false)
})
