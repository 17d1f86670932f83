import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { readEnv, readServiceConfig } from '@bookinfo/config'
import { defineRoute, defineService, Text } from '@bookinfo/contract'
import { AppError } from '@bookinfo/errors'
import fc from 'fast-check'
import Type from 'typebox'
import { createHttpClient, createKit, createService, pathOf, readJson } from './index.ts'

const Thing = Type.Object({ id: Type.String(), n: Type.Integer() })

const things = defineService({
  name: 'things',
  summary: 'Things',
  routes: {
    make: defineRoute({
      method: 'POST',
      path: '/v1/things',
      summary: 'Make',
      body: Type.Object({ name: Text('name', 20), n: Type.Integer({ title: 'n' }) }),
      reply: { 201: Thing },
    }),
    get: defineRoute({
      method: 'GET',
      path: '/v1/things/:id',
      summary: 'Get',
      params: Type.Object({ id: Text('id', 50) }),
      query: Type.Object({ page: Type.Optional(Type.Integer({ title: 'page', minimum: 1, default: 1 })) }),
      reply: { 200: Thing },
    }),
    secret: defineRoute({
      method: 'POST',
      path: '/v1/secret',
      summary: 'Secret',
      operatorOnly: true,
      reply: { 204: null },
    }),
    page: defineRoute({
      method: 'GET',
      path: '/page',
      summary: 'Page',
      reply: { 200: Type.Unsafe<string>({ type: 'string', contentMediaType: 'text/html' }) },
    }),
  },
  events: [],
})

const start = async (env: Record<string, string> = {}, onGet: (id: string) => Promise<void> = async () => {}) => {
  const lines: Record<string, unknown>[] = []
  const reader = readEnv({ SERVICE_NAME: 'things', HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', ...env })
  const kit = await createKit(readServiceConfig(reader), {
    logDestination: { write: (line) => void lines.push(JSON.parse(line)) },
  })
  const service = createService({
    kit,
    definition: things,
    handlers: {
      make: async ({ body }) => ({
        status: 201 as const,
        body: { id: body.name, n: body.n, leaked: 'no' } as { id: string; n: number },
      }),
      get: async ({ params, query }) => {
        await onGet(params.id)
        return { status: 200 as const, body: { id: params.id, n: (query as { page: number }).page } }
      },
      secret: async () => ({ status: 204 as const, body: null }),
      page: async () => ({ status: 200 as const, body: '<p>x</p>' }),
    },
  })
  const { api, admin } = await service.listen()
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${api}/v1/things`, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers })
  return { service, api, admin, post, lines }
}

test('a request is validated, answered without undeclared fields, logged once and counted by its template', async () => {
  const { service, api, admin, post, lines } = await start()
  const made = await post('{"name":"a","n":1}')
  assert.deepEqual([made.status, await made.json()], [201, { id: 'a', n: 1 }])
  assert.deepEqual(await (await fetch(`${api}/v1/things/x%2Fy?page=3`)).json(), { id: 'x/y', n: 3 })
  assert.equal(lines.filter(({ msg }) => msg === 'request completed').length, 2)
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  assert.match(metrics, /http_server_requests_total\{method="GET",route="\/v1\/things\/:id",status="200"\} 1/)
  assert.doesNotMatch(metrics, /x%2Fy/)
  await service.close()
})

test('input that is wrong is answered with what is wrong', async () => {
  const { service, api, post } = await start()
  const wrong: [string | Buffer, number, RegExp][] = [
    ['', 400, /invalid JSON body: it is empty/],
    ['{', 400, /invalid JSON body/],
    ['{"name":"a","n":1} trailing', 400, /invalid JSON body/],
    [Buffer.from([0x22, 0xff, 0x22]), 400, /not UTF-8/],
    ['{"name":"","n":"x"}', 400, /name is required; n must be an integer/],
    [`{"name":"${'x'.repeat(1_048_576)}"}`, 413, /too large/],
  ]
  for (const [body, status, message] of wrong) {
    const refused = await post(body)
    assert.equal(refused.status, status)
    assert.match(((await refused.json()) as { error: string }).error, message)
  }
  assert.equal((await fetch(`${api}/v1/things/x?page=one`)).status, 400)
  assert.equal((await fetch(`${api}/v1/things/x?page=0`)).status, 400)
  await service.close()
})

test('unknown addresses are 404 and known ones with another method 405, both as JSON', async () => {
  const { service, api } = await start()
  assert.equal((await fetch(`${api}/nowhere`)).status, 404)
  const other = await fetch(`${api}/v1/things/1`, { method: 'DELETE' })
  assert.deepEqual([other.status, other.headers.get('allow')], [405, 'GET, HEAD'])
  assert.equal((await fetch(`${api}/v1/things/1`, { method: 'HEAD' })).status, 200)
  assert.match(String((await fetch(`${api}/page`)).headers.get('content-type')), /text\/html/)
  await service.close()
})

test('failures say no internals, and an unavailable one says when to come back', async () => {
  const { service, api, lines } = await start({}, async (id) => {
    if (id === 'crash') throw new Error('password=hush')
    throw new AppError('unavailable', 'the database is not available', { headers: { 'retry-after': '1' } })
  })
  const crash = await fetch(`${api}/v1/things/crash`)
  assert.deepEqual([crash.status, await crash.json()], [500, { error: 'internal error' }])
  const away = await fetch(`${api}/v1/things/away`)
  assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '1'])
  assert.ok(lines.some(({ msg }) => msg === 'request failed'))
  await service.close()
})

test('operator routes need the token, and a foreign host is refused everywhere', async () => {
  const { service, api, admin } = await start({ OPERATOR_TOKEN: 'secret', HTTP_ALLOWED_HOSTS: '127.0.0.1' })
  const call = (authorization?: string) =>
    fetch(`${api}/v1/secret`, { method: 'POST', headers: authorization ? { authorization } : {} })
  assert.deepEqual(
    [(await call()).status, (await call('Bearer wrong')).status, (await call('Bearer secret')).status],
    [401, 401, 204],
  )
  const foreign = (port: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
      )
      let text = ''
      socket.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text))
    })
  for (const url of [api, admin]) assert.match(await foreign(new URL(url).port), /^HTTP\/1\.1 403/)
  await service.close()
})

test('request ids and traces are taken over, echoed and passed on by the client', async () => {
  const seen: unknown[] = []
  const inner = await start()
  const outer = await start({}, async () => {
    const client = createHttpClient({ name: 'inner', baseUrl: inner.api, timeoutMs: 1_000 })
    seen.push(readJson('inner', await client.call({ method: 'GET', path: pathOf('/v1/things/:id', { id: 'in' }) })))
    await client.close()
  })
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const reply = await fetch(`${outer.api}/v1/things/out`, { headers: { 'x-request-id': 'r1', traceparent } })
  assert.equal(reply.headers.get('x-request-id'), 'r1')
  assert.deepEqual(seen, [{ id: 'in', n: 1 }])
  const line = inner.lines.find(({ msg }) => msg === 'request completed')
  assert.deepEqual([line?.request_id, line?.trace_id], ['r1', 'a'.repeat(32)])
  await Promise.all([inner.service.close(), outer.service.close()])
})

test('readiness turns before draining, and requests in flight are answered', async () => {
  let release: () => void = () => {}
  let entered: () => void = () => {}
  const inside = new Promise<void>((resolve) => (entered = resolve))
  const { service, api, admin } = await start({}, () => {
    entered()
    return new Promise((resolve) => (release = resolve))
  })
  assert.equal((await fetch(`${admin}/readyz`)).status, 200)
  const slow = fetch(`${api}/v1/things/slow`)
  await inside
  const closing = service.close()
  const readiness = await fetch(`${admin}/readyz`)
  assert.deepEqual([readiness.status, await readiness.json()], [503, { status: 'not ready', failing: 'draining' }])
  release()
  assert.equal((await slow).status, 200)
  await closing
})

test('a taken port is named', async () => {
  const { service, api } = await start()
  await assert.rejects(start({ HTTP_PORT: new URL(api).port }), new RegExp(`port ${new URL(api).port} is taken`))
  await service.close()
})

test('a service that cannot be reached, is late or answers nonsense has an error of its own', async () => {
  let release: () => void = () => {}
  const { service, api } = await start({}, () => new Promise((resolve) => (release = resolve)))
  const late = createHttpClient({ name: 'things', baseUrl: api, timeoutMs: 50 })
  await assert.rejects(late.call({ method: 'GET', path: '/v1/things/x' }), { code: 'timeout' })
  assert.throws(() => readJson('things', { status: 200, headers: {}, text: 'nonsense' }), { code: 'badGateway' })
  release()
  await late.close()
  await service.close()
  const gone = createHttpClient({ name: 'things', baseUrl: api, timeoutMs: 1_000 })
  await assert.rejects(gone.call({ method: 'GET', path: '/' }), { code: 'unavailable' })
  await gone.close()
})

test('ten thousand random bodies get no 5xx', async () => {
  const { service, post } = await start()
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.record({ name: fc.anything(), n: fc.anything() }).map((value) => JSON.stringify(value) ?? ''),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 20, maxLength: 20 }), async (bodies) => {
      const replies = await Promise.all(bodies.map((one) => post(one)))
      for (const reply of replies) assert.ok(reply.status < 500)
      await Promise.all(replies.map((reply) => reply.arrayBuffer()))
    }),
    { numRuns: 500 },
  )
  await service.close()
})

test('a direct call answers, validates, logs and counts as HTTP does', async () => {
  const { service, admin, post, lines } = await start()
  const call = async (body: string | Buffer) => {
    const headers = { 'x-request-id': 'r1' }
    const reply = await service.call({ method: 'POST', path: '/v1/things', headers, body: Buffer.from(body) })
    return [reply?.status, reply?.text]
  }
  assert.deepEqual(await call('{"name":"a","n":1}'), [201, ''])
  for (const body of [
    '\ufeff{"name":"a","n":1}',
    '{"name":"","n":1}',
    '{"name":"a","n":"1"}',
    '{',
    '',
    '[]',
    Buffer.from([0x7b, 0xff]),
  ]) {
    const overHttp = await post(body)
    assert.deepEqual(await call(body), [overHttp.status, await overHttp.text()], String(body))
  }
  assert.deepEqual(await call(Buffer.alloc(1_048_577, ' ')), [413, '{"error":"the request body is too large"}'])
  assert.equal(lines.find(({ msg, request_id: id }) => msg === 'request completed' && id === 'r1')?.status, 201)
  assert.match(
    await (await fetch(`${admin}/metrics`)).text(),
    /requests_total\{method="POST",route="\/v1\/things",status="413"\} 1/,
  )
  await service.close()
})

test('what has parameters or is for operators is not called directly', async () => {
  const { service } = await start({ OPERATOR_TOKEN: 'secret' })
  const call = (method: string, path: string) => service.call({ method, path, headers: {}, body: Buffer.alloc(0) })
  assert.deepEqual(
    [call('GET', '/v1/things/a'), call('POST', '/v1/secret'), call('POST', '/v1/other')],
    [undefined, undefined, undefined],
  )
  await service.close()
})
