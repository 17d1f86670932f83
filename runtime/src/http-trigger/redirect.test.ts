import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followRedirects } from './redirect.ts'
import type { TriggerRequest } from './request.ts'

const first: TriggerRequest = {
  method: 'PUT',
  url: 'https://a.example/x',
  headers: [
    ['authorization', 'secret'],
    ['content-type', 'application/json'],
    ['x-id', '1'],
  ],
  body: '{}',
}

const follow = (...locations: [number, string][]) => {
  const next = followRedirects(first)
  return locations.map(([status, location]) => next({ status, location }))
}

const names = (request: TriggerRequest | undefined) => request?.headers.map(([name]) => name)

test('301, 302 and 303 lead to a GET without a body and what speaks of it, 307 and 308 repeat the request', () => {
  for (const status of [301, 302, 303]) {
    const [request] = follow([status, '/y'])
    assert.deepEqual([request?.method, request?.url, request?.body], ['GET', 'https://a.example/y', ''])
    assert.deepEqual(names(request), ['authorization', 'x-id', 'Referer'])
  }
  for (const status of [307, 308]) assert.deepEqual(follow([status, '/y'])[0]?.body, '{}')
  assert.equal(follow([302, '/y'], [307, '/z'])[1]?.method, 'GET')
})

test('any other status, and an answer without an address, is the last one', () => {
  for (const status of [200, 300, 304, 305, 404]) assert.deepEqual(follow([status, '/y']), [undefined])
  assert.deepEqual(follow([302, '']), [undefined])
})

test('credentials go to the first host and what lies below it, and never again after another one', () => {
  const sent = follow([307, 'https://b.a.example/'], [307, 'https://other.example/'], [307, 'https://a.example/'])
  assert.deepEqual(
    sent.map((request) => names(request)?.includes('authorization')),
    [true, false, false],
  )
  assert.equal(names(follow([307, 'https://nota.example/'])[0])?.includes('authorization'), false)
})

test('the referer is where the way came from, but not from https to http', () => {
  const [, second] = follow([307, 'https://user:word@a.example/y'], [307, '/z'])
  assert.deepEqual(second?.headers.at(-1), ['Referer', 'https://a.example/y'])
  assert.equal(names(follow([307, 'http://a.example/'])[0])?.includes('Referer'), false)
})

test('a host of its own stays as long as the way is relative', () => {
  const next = followRedirects({ ...first, host: 'other.example' })
  assert.equal(next({ status: 307, location: '/y' })?.host, 'other.example')
  assert.equal(next({ status: 307, location: 'https://a.example/z' })?.host, undefined)
})

test('ten requests are the most, and an address must be one', () => {
  const next = followRedirects(first)
  for (let count = 0; count < 9; count += 1) assert.ok(next({ status: 302, location: '/y' }))
  assert.throws(() => next({ status: 302, location: '/y' }), /stopped after 10 redirects/)
  assert.throws(() => follow([302, 'http://[']), /which is no address/)
})
