import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEventLog } from '@bookinfo/eventlog'
import { createMetrics } from '@bookinfo/metrics'
import { busLog, createBus } from '../eventbus/bus.ts'
import type { Secrets } from '../secrets.ts'
import { createWebhooks } from './webhook.ts'

const endpoint = { port: '12000', endpoint: '/things', method: 'POST', authSecret: { name: 'operator', key: 'TOKEN' } }

const open = async (secrets: Secrets, annotations: Record<string, string> = {}) => {
  const eventLog = createMemoryEventLog()
  const bus = createBus({ eventLog, name: 'default' })
  const source = { name: 'things', namespace: 'n', annotations, spec: { webhook: { thing: endpoint } } }
  const [webhook] = createWebhooks([source], { bus, secrets, metrics: createMetrics(), now: () => new Date() })
  const post = async (headers: [string, string][]) =>
    webhook?.accept({ method: 'POST', path: '/things', headers, body: Buffer.from('{"n":1}') }, 'client')
  return { post, stored: (id: string) => eventLog.find(busLog('default'), id) }
}

type Headers = [string, string][]
const strict = { 'sluice/body-schema.thing': '{"type":"object","required":["n"]}' }
const wrongTokens: [Headers, string][] = [
  [[], 'Invalid Authorization Header'],
  [[['authorization', 'hush']], 'Invalid Authorization Header'],
  [[['authorization', 'bearer hush']], 'Invalid Authorization Header'],
  [[['authorization', 'Bearer other']], 'Invalid Auth token'],
]

test('in strict mode a wrong token is refused in the words of all our doors', async () => {
  const { post } = await open({ operator: { TOKEN: 'hush' } }, strict)
  for (const [headers] of wrongTokens) {
    const refused = await post(headers)
    assert.deepEqual([refused?.status, refused?.headers['www-authenticate']], [401, 'Bearer'])
    assert.match(refused?.body ?? '', /this needs a token/)
  }
})

test('a webhook with an authSecret takes only what carries its token, which goes no further', async () => {
  const { post, stored } = await open({ operator: { TOKEN: 'hush' } })
  for (const [headers, body] of wrongTokens) {
    const refused = await post(headers)
    assert.deepEqual([refused?.status, refused?.body], [401, body])
  }
  const taken = await post([['Authorization', 'Bearer hush']])
  assert.equal(taken?.status, 200)
  const entry = await stored(taken?.headers['event-id'] ?? '')
  assert.match(String(entry?.payload), /"n":1/)
  assert.doesNotMatch(String(entry?.payload), /hush/)
})

test('an authSecret that nobody gave is an error at the start', async () => {
  await assert.rejects(open({ operator: { OTHER: 'x' } }), {
    code: 'invalid',
    message: 'EventSource things needs the Secret operator with the key TOKEN, which nobody gave',
  })
})

test('with a contract’s schema a body is JSON even when its content type says form, as curl does', async () => {
  for (const [annotations, wanted] of [
    [strict, '"body":{"n":1}'],
    [{}, '"body":{"{\\"n\\":1}":[""]}'],
  ] as const) {
    const { post, stored } = await open({ operator: { TOKEN: 'hush' } }, annotations)
    const taken = await post([
      ['Authorization', 'Bearer hush'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ])
    const entry = await stored(taken?.headers['event-id'] ?? '')
    assert.ok(String(entry?.payload).includes(wanted), String(entry?.payload))
  }
})
