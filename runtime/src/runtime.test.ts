import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { silentLogger } from '@bookinfo/logging'
import { createMetrics } from '@bookinfo/metrics'
import { testDatabase, waitFor } from '@bookinfo/testing'
import { loadManifests } from './manifest/load.ts'
import { createRuntime } from './runtime.ts'

const manifests = (extra = '') => `
apiVersion: argoproj.io/v1alpha1
kind: EventBus
metadata: { name: default }
---
apiVersion: argoproj.io/v1alpha1
kind: EventSource
metadata:
  name: thing-made
  annotations:
    sluice/body-schema.thing-made: '{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}'
spec:
  webhook:
    thing-made: { port: "0", endpoint: /v1/things, method: POST }
---
apiVersion: argoproj.io/v1alpha1
kind: EventSource
metadata: { name: letters }
spec:
  webhook:
    letters: { port: "0", endpoint: /v1/letters, method: POST }
---
apiVersion: argoproj.io/v1alpha1
kind: EventSource
metadata: { name: facts }
spec:
  kafka:
    events:
      url: kafka.platform.svc.cluster.local:9092
      topic: facts
      jsonBody: true
      consumerGroup: { groupName: facts, oldest: true }
---
apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata:
  name: things
  annotations:
    sluice/partition-key.make: body.key
    sluice/max-in-flight.make: "8"
    sluice/no-retry-status: "400,409"
spec:
  dependencies:
    - { name: made, eventSourceName: thing-made, eventName: thing-made }
  triggers:
    - template:
        name: make
        http:
          url: http://things.test.svc.cluster.local/made
          method: POST
          headers: { Content-Type: application/json }
          dynamicHeaders:
            - { src: { dependencyName: made, contextTemplate: "{{ .Input.id }}/make" }, dest: Ce-Id }
          payload:
            - { src: { dependencyName: made, dataKey: body }, dest: "" }
      policy: { status: { allow: [200, 201] } }
      retryStrategy: { steps: 3, duration: 1ms, factor: 1, jitter: 0 }
      atLeastOnce: true
      dlqTrigger:
        template:
          name: dlq-make
          http:
            url: http://letters-eventsource-svc.test.svc.cluster.local:12000/v1/letters
            method: POST
            payload:
              - { src: { dependencyName: made, dataKey: body }, dest: original_payload }
        policy: { status: { allow: [200] } }
        atLeastOnce: true
---
apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: { name: letters }
spec:
  dependencies:
    - { name: letter, eventSourceName: letters, eventName: letters }
    - name: fact
      eventSourceName: facts
      eventName: events
      filters: { data: [{ path: headers.ce_type, type: string, value: ["^wanted$"] }] }
  triggers:
    - template:
        name: keep-letter
        conditions: letter
        http: { url: http://things.test.svc.cluster.local/letters, payload: [{ src: { dependencyName: letter, dataKey: body }, dest: "" }] }
      policy: { status: { allow: [200] } }
      atLeastOnce: true
    - template:
        name: keep-fact
        conditions: fact
        http: { url: http://things.test.svc.cluster.local/facts, payload: [{ src: { dependencyName: fact, dataKey: body.n, useRawData: true }, dest: n }] }
      policy: { status: { allow: [200] } }
      atLeastOnce: true
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: write }
spec:
  rules:
    - matches: [{ path: { type: Exact, value: /v1/things }, method: POST }]
      backendRefs: [{ name: thing-made-eventsource-svc, port: 12000 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: read }
spec:
  rules:
    - matches: [{ path: { type: PathPrefix, value: /v1/things }, method: GET }]
      backendRefs: [{ name: things, port: 80 }]
${extra}`

const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const load = (text: string) => {
  const file = join(folder, `${(files += 1)}.yaml`)
  writeFileSync(file, text)
  return loadManifests([file])
}

type Received = { path: string; headers: IncomingMessage['headers']; body: string }

const startTarget = async (answer: (received: Received, count: number) => number) => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
    received.push(one)
    response.writeHead(answer(one, received.length)).end('{"ok":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, received, close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) }
}

const start = async (
  answer: (received: Received, count: number) => number = () => 200,
  database?: Awaited<ReturnType<typeof testDatabase>>,
) => {
  const target = await startTarget(answer)
  const { pool } = database ?? (await testDatabase())
  const runtime = await createRuntime({
    manifests: load(manifests()),
    database: pool,
    services: { things: target.url },
    gateway: { host: '127.0.0.1', port: 0 },
    webhooks: { host: '127.0.0.1', portOffset: 0 },
    operator: { host: '127.0.0.1', port: 0, token: 'secret' },
    logger: silentLogger,
    metrics: createMetrics(),
  })
  const addresses = await runtime.start()
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${addresses.gateway}/v1/things`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers,
    })
  const api = async (path: string, init: RequestInit = {}) =>
    (
      await fetch(`${addresses.operator}/api/${path}`, { ...init, headers: { authorization: 'Bearer secret' } })
    ).json() as Promise<Record<string, never>>
  const settled = () =>
    waitFor('everything to end', async () => ((await runtime.ledger()).in_flight === 0 ? true : undefined))
  return {
    runtime,
    target,
    post,
    api,
    settled,
    addresses,
    close: async () => {
      await runtime.close()
      await target.close()
    },
  }
}

test('a request through the gateway is answered when it is stored, and reaches the service with its id, trace and key', async () => {
  const { target, post, settled, runtime, close } = await start()
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const reply = await post({ n: 1, big: 12345678901234567890n.toString() }, { 'x-request-id': 'r1', traceparent })
  assert.deepEqual([reply.status, await reply.text(), reply.headers.get('x-request-id')], [200, 'success', 'r1'])
  const id = reply.headers.get('event-id') as string
  await settled()
  assert.equal(target.received.length, 1)
  const [one] = target.received as [Received]
  assert.equal(one.body, '{"n":1,"big":"12345678901234567890"}')
  assert.equal(one.headers['ce-id'], `${id}/make`)
  assert.equal(one.headers['x-request-id'], 'r1')
  assert.match(String(one.headers.traceparent), /^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/)
  const ledger = await runtime.ledger()
  assert.deepEqual([ledger.deliveries, ledger.applied, ledger.balanced], [1, 1, true])
  await close()
})

test('a service that refuses for good is not asked twice: the event becomes a letter with its reason', async () => {
  const { target, post, settled, runtime, api, close } = await start(({ path }) => (path === '/made' ? 400 : 200))
  const reply = await post({ n: 1 })
  await settled()
  assert.deepEqual(
    target.received.map(({ path }) => path),
    ['/made', '/letters'],
  )
  assert.deepEqual(JSON.parse((target.received[1] as Received).body), { original_payload: '{"n":1}' })
  const lineage = await api(`events/${reply.headers.get('event-id')}`)
  const [delivery] = lineage.deliveries as unknown as { outcome: string; attempts: { status: number }[] }[]
  assert.deepEqual([delivery?.outcome, delivery?.attempts.map(({ status }) => status)], ['dead', [400]])
  const ledger = await runtime.ledger()
  assert.deepEqual([ledger.dead, ledger.applied, ledger.balanced], [1, 1, true])
  await close()
})

test('a failing service is tried as often as the manifest says', async () => {
  const { target, post, settled, close } = await start(({ path }, count) => (path === '/made' && count < 3 ? 500 : 200))
  await post({ n: 1 })
  await settled()
  assert.deepEqual(
    target.received.map(({ path }) => path),
    ['/made', '/made', '/made'],
  )
  assert.equal(new Set(target.received.map(({ headers }) => headers['ce-id'])).size, 1)
  await close()
})

test('when the letter is refused as well, the event is parked and can be released', async () => {
  let isBroken = true
  const { post, settled, runtime, api, close } = await start(({ path }) => (isBroken && path !== '/facts' ? 400 : 200))
  await post({ n: 1 })
  await settled()
  const parked = (await api('parked')).items as unknown as { id: number; consumer: string }[]
  assert.deepEqual(
    parked.map(({ consumer }) => consumer),
    ['letters/keep-letter'],
  )
  isBroken = false
  assert.equal((await api(`parked/${parked[0]?.id}/release`, { method: 'POST' })).outcome, 'applied')
  const ledger = await runtime.ledger()
  assert.deepEqual([ledger.parked, ledger.applied, ledger.dead, ledger.balanced], [0, 1, 1, true])
  await close()
})

test('events of one key arrive in the order they were accepted, also when some need another try', async () => {
  const { target, post, settled, close } = await start(({ body }, count) =>
    count % 3 === 1 && body.includes('"n"') ? 500 : 200,
  )
  for (let n = 0; n < 30; n += 1) await post({ n, key: `k${n % 3}` })
  await settled()
  const seen = new Map<string, number[]>()
  for (const { path, body } of target.received) {
    if (path !== '/made') continue
    const { n, key } = JSON.parse(body)
    const list = seen.get(key) ?? []
    if (list.at(-1) !== n) list.push(n)
    seen.set(key, list)
  }
  for (const list of seen.values())
    assert.deepEqual(
      list,
      [...list].sort((a, b) => a - b),
    )
  await close()
})

test('records of a topic reach their trigger without a copy, and others are filtered', async () => {
  const { target, runtime, settled, close } = await start()
  const record = (id: string, ce_type: string) => ({
    id,
    subject: '',
    key: 'k',
    origin: 'internal' as const,
    headers: { ce_id: id, ce_type },
    payload: Buffer.from('{"n":1.50}'),
  })
  await runtime.eventLog.append('facts', [record('e1', 'wanted'), record('e2', 'unwanted')])
  await settled()
  assert.deepEqual(
    target.received.map(({ path, body }) => [path, body]),
    [['/facts', '{"n":1.5}']],
  )
  const { applied, filtered, balanced } = (await runtime.ledger()).by_consumer['letters/keep-fact'] as never
  assert.deepEqual([applied, filtered, balanced], [1, 1, true])
  assert.equal((await runtime.lineage('e1'))?.deliveries.length, 1)
  await close()
})

test('one idempotency key is one event: the repeat is answered with the first, other content is refused', async () => {
  const { target, post, settled, close } = await start()
  const first = await post({ n: 1 }, { 'idempotency-key': 'k' })
  const again = await post({ n: 1 }, { 'idempotency-key': 'k' })
  const other = await post({ n: 2 }, { 'idempotency-key': 'k' })
  assert.deepEqual([again.status, again.headers.get('event-id')], [200, first.headers.get('event-id')])
  assert.equal(other.status, 409)
  await settled()
  assert.equal(target.received.length, 1)
  await close()
})

test('what is wrong with a body is said at the door, and outsiders cannot pretend to replay', async () => {
  const { post, runtime, settled, addresses, close } = await start()
  assert.match(await (await post({ n: 'x' })).text(), /n must be an integer/)
  assert.equal((await post('{broken')).status, 400)
  assert.equal((await post(`{"n":1,"x":"${'x'.repeat(1_048_576)}"}`)).status, 413)
  assert.equal((await fetch(`${addresses.gateway}/v1/things`, { method: 'PUT' })).status, 405)
  assert.equal((await fetch(`${addresses.gateway}/nowhere`)).status, 404)
  await post({ n: 1 }, { 'dead-letter-id': 'x' })
  await settled()
  const { by_class: byClass } = await runtime.ledger()
  assert.deepEqual(
    Object.keys(byClass).filter((name) => byClass[name]?.deliveries),
    ['client'],
  )
  await close()
})

test('reads pass through to the service, and a service that is down is 503', async () => {
  const { addresses, target, close } = await start()
  assert.deepEqual(await (await fetch(`${addresses.gateway}/v1/things/1`)).json(), { ok: true })
  await target.close()
  const down = await fetch(`${addresses.gateway}/v1/things/1`)
  assert.deepEqual([down.status, down.headers.get('retry-after')], [503, '1'])
  await close()
})

test('what was accepted and not delivered before a stop is delivered after the next start, once', async () => {
  const database = await testDatabase()
  const first = await start(({ path }) => (path === '/made' ? 500 : 200), database)
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1) ids.push((await first.post({ n, key: `${n}` })).headers.get('event-id') as string)
  await first.close()
  const second = await start(() => 200, database)
  await second.settled()
  const ledger = await second.runtime.ledger()
  assert.equal(ledger.balanced, true)
  const made = ledger.by_consumer['things/make'] as unknown as { applied: number; dead: number }
  assert.equal(made.applied + made.dead, 20)
  assert.equal(second.target.received.filter(({ path }) => path === '/made').length, made.applied)
  await second.close()
})

test('the status of a command is there for its caller', async () => {
  const { post, settled, addresses, close } = await start()
  const id = (await post({ n: 1 })).headers.get('event-id')
  await settled()
  assert.deepEqual(await (await fetch(`${addresses.gateway}/v1/commands/${id}`)).json(), { id, status: 'applied' })
  assert.equal((await fetch(`${addresses.gateway}/v1/commands/unknown`)).status, 404)
  await close()
})

test('the operator plane needs its token', async () => {
  const { addresses, close } = await start()
  assert.equal((await fetch(`${addresses.operator}/api/ledger`)).status, 401)
  await close()
})

test('manifests that ask for something else are refused with file and line', () => {
  const exotic = manifests().replace('conditions: letter', 'conditions: unknown')
  assert.throws(
    () => load(exotic),
    /\.yaml:\d+:\d+: trigger keep-letter: condition "unknown": there is no dependency unknown/,
  )
  assert.throws(
    () => load(manifests().replace('conditions: letter', 'slack: { channel: x }')),
    /slack is not supported/,
  )
  assert.throws(() => load(manifests('---\nkind: CronJob\n')), /kind CronJob does not run/)
})
