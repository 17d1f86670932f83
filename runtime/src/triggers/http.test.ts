import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { CloudEvent } from '../event.ts'
import type { HttpTrigger, Trigger } from '../manifest/types.ts'
import type { References } from '../secrets.ts'
import { createHttpExecutor } from './http.ts'

const event: CloudEvent = {
  id: 'e',
  source: 's',
  specversion: '1.0',
  type: 'webhook',
  datacontenttype: 'application/json',
  subject: 'x',
  time: '2024-03-10T09:30:15Z',
  data: '{"text":"hé","broken":"a\\nb"}',
}

// Of localhost, for this test alone.
const certificate = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUOaGYYQWc6xEb8cmdtAVdkVHLXokwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTA4MDcwOVoYDzIxMjYxMTAx
MDgwNzA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASfImWH07ARW3hCvxW1qH+Sgfq6TkAXo0ORbn6BAU25bb4HcrZuatDI
za2trz3W0OcJ/IXHRJWoFIVqLnz+JHDLo28wbTAdBgNVHQ4EFgQUt/YaZzDIEvZX
IbEQwADOc/HVjwowHwYDVR0jBBgwFoAUt/YaZzDIEvZXIbEQwADOc/HVjwowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAKBxM7T3iOtujRn8wAdUjHxHuAMFLub/gSl8YZcpL19YAiBZ
5SL4olf+neDhfXYkc8kH+qCSFzGMvSqiDeScWAdQ+A==
-----END CERTIFICATE-----`
const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguEIWoNyBgAQgkhSl
41dLatEDWGihPVbYCWAl/RDxye6hRANCAASfImWH07ARW3hCvxW1qH+Sgfq6TkAX
o0ORbn6BAU25bb4HcrZuatDIza2trz3W0OcJ/IXHRJWoFIVqLnz+JHDL
-----END PRIVATE KEY-----`

const references: References = {
  secrets: { api: { token: 'hush\n', user: 'ann', password: 'p:w' }, tls: { ca: certificate } },
  configMaps: { settings: { region: 'north' } },
}

const listen = async (context: TestContext, server: ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())))
  return (server.address() as AddressInfo).port
}

const serve = (context: TestContext, answer: RequestListener) => listen(context, createServer(answer))

const run = async (context: TestContext, http: HttpTrigger, policy?: Trigger['policy']) => {
  const executor = createHttpExecutor({ targets: () => undefined, references })
  context.after(() => executor.close())
  const trigger = { template: { name: 't', http }, ...(policy && { policy }) }
  return executor.execute(trigger, { events: new Map([['dep', event]]), headers: {} })
}

test('credentials come from Secrets and ConfigMaps, and replace what the manifest says in the open', async (context) => {
  const seen: IncomingMessage['headers'][] = []
  const port = await serve(context, (request, response) => {
    seen.push(request.headers)
    response.end()
  })
  await run(context, {
    url: `http://127.0.0.1:${port}/`,
    headers: { Authorization: 'open', 'X-Token': 'open' },
    secureHeaders: [
      { name: 'X-Token', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } },
      { name: 'X-Region', valueFrom: { configMapKeyRef: { name: 'settings', key: 'region' } } },
    ],
    basicAuth: { username: { name: 'api', key: 'user' }, password: { name: 'api', key: 'password' } },
  })
  assert.deepEqual(
    [seen[0]?.['x-token'], seen[0]?.['x-region'], seen[0]?.authorization],
    ['hush', 'north', `Basic ${btoa('ann:p:w')}`],
  )
  await run(context, { url: `http://ann:secret@127.0.0.1:${port}/` })
  assert.equal(seen[1]?.authorization, `Basic ${btoa('ann:secret')}`)
})

test('what cannot be sent fails the attempt, and what belongs to the connection is left out', async (context) => {
  const seen: string[] = []
  const port = await serve(context, (request, response) => {
    seen.push(...request.rawHeaders.filter((_, index) => index % 2 === 0))
    response.end()
  })
  const url = `http://127.0.0.1:${port}/`
  const broken = { src: { dependencyName: 'dep', dataKey: 'broken' }, dest: 'X-Name' }
  await assert.rejects(run(context, { url, dynamicHeaders: [broken] }), /X-Name has a value that cannot be sent/)
  await assert.rejects(run(context, { url, headers: { 'a b': 'c' } }), /"a b" is no name for a header/)
  await assert.rejects(run(context, { url, method: 'A B' }), /"A B" is no method/)
  await run(context, {
    url,
    headers: { 'Keep-Alive': '1', 'Content-Length': '9', Expect: '100-continue', 'X-Own': '1' },
  })
  assert.deepEqual(
    seen.map((name) => name.toLowerCase()),
    ['host', 'connection', 'x-own', 'content-length'],
  )
})

test('redirects are followed to the last answer, which the policy sees', async (context) => {
  const seen: string[] = []
  const port = await serve(context, (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.referer ?? '-'}`)
    if (request.url === '/a') response.writeHead(302, { location: 'b' })
    if (request.url === '/b') response.writeHead(503)
    response.end('later')
  })
  const origin = `http://127.0.0.1:${port}`
  const result = await run(context, { url: `${origin}/a` }, { status: { allow: [200] } })
  assert.deepEqual(result, { status: 503, error: 'status 503 is not allowed: later' })
  assert.deepEqual(seen, ['POST /a -', `GET /b ${origin}/a`])
})

test('the time limit covers all redirects together, and ends an answer that does not come', async (context) => {
  const port = await serve(context, (request, response) => {
    if (request.url === '/a') response.writeHead(307, { location: '/b' }).end()
  })
  await assert.rejects(run(context, { url: `http://127.0.0.1:${port}/a`, timeout: 1 }), /timeout/)
})

test('an answer counts when its status is there, however long its text is', async (context) => {
  const port = await serve(context, (_, response) => void response.writeHead(201).write('never ends'))
  const result = await run(context, { url: `http://127.0.0.1:${port}/` }, { status: { allow: [201] } })
  assert.deepEqual(result, { status: 201, error: null })
})

test('a certificate must be one of the given authority, or not looked at', async (context) => {
  const server = createTlsServer({ cert: certificate, key: privateKey }, (_, response) => void response.end())
  const port = await listen(context, server)
  const url = `https://localhost:${port}/`
  await assert.rejects(run(context, { url }), /self-signed certificate/)
  assert.equal((await run(context, { url, tls: { insecureSkipVerify: true } })).status, 200)
  assert.equal((await run(context, { url, tls: { caCertSecret: { name: 'tls', key: 'ca' } } })).status, 200)
})
