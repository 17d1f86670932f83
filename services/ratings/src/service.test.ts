import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Env, readEnv } from '@bookinfo/config'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import type { Overrides } from '@bookinfo/server'
import { testDatabase, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import type { ProductRatings, Rating } from './contract.ts'
import { createRatings } from './service.ts'

const start = async (env: Env, overrides: Overrides = {}) => {
  const published: OutgoingEvent[] = []
  const lines: string[] = []
  const ports = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', SERVICE_NAME: 'ratings' }
  const service = await createRatings(readConfig(readEnv({ ...ports, ...env })), {
    publisher: { publish: async (events) => void published.push(...events), close: async () => {} },
    logDestination: { write: (line) => void lines.push(line) },
    ...overrides,
  })
  const { api, admin } = await service.listen()
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${api}/v1/ratings`, { method: 'POST', body: JSON.stringify(body), headers })
  return { service, api, admin, post, published, lines }
}

const newRating = { product_id: 'p1', reviewer: 'alice', stars: 4 }

for (const backend of ['memory', 'postgres']) {
  const env = async (): Promise<Env> =>
    backend === 'memory' ? {} : { STORAGE_BACKEND: 'postgres', DATABASE_URL: (await testDatabase()).url }

  test(`with ${backend} storage a rating that was posted is listed, announced, counted and logged`, async () => {
    const { service, api, admin, post, published, lines } = await start(await env())
    const created = await post(newRating, { 'ce-id': 'e1/rating-submitted' })
    assert.equal(created.status, 201)
    const rating = (await created.json()) as Rating
    const repeated = await post(newRating, { 'ce-id': 'e1/rating-submitted' })
    assert.deepEqual([repeated.status, await repeated.json()], [200, rating])
    const listed = (await (await fetch(`${api}/v1/ratings/p1`)).json()) as ProductRatings
    assert.deepEqual(
      [listed.average, listed.count, listed.histogram, listed.ratings],
      [4, 1, [0, 0, 0, 1, 0], [rating]],
    )
    await waitFor('the event', () => published.length === 1)
    assert.match(await (await fetch(`${admin}/metrics`)).text(), /^ratings_submitted_total 1$/m)
    assert.ok(lines.some((line) => line.includes('"rating submitted"') && line.includes(rating.id)))
    await service.close()
  })

  test(`with ${backend} storage fifty equal calls at once are one rating, and two keys are two`, async () => {
    const { service, api, post, published } = await start(await env())
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(newRating, { 'idempotency-key': 'a' })))
    const ids = await Promise.all(replies.map(async (reply) => ((await reply.json()) as Rating).id))
    assert.deepEqual([replies.filter(({ status }) => status === 201).length, new Set(ids).size], [1, 1])
    assert.equal((await post(newRating, { 'idempotency-key': 'b' })).status, 201)
    const listed = (await (await fetch(`${api}/v1/ratings/p1`)).json()) as ProductRatings
    assert.deepEqual([listed.count, listed.pagination.total_items], [2, 2])
    await waitFor('both events', () => published.length === 2)
    await service.close()
  })

  test(`with ${backend} storage a bare call is a repeat for five seconds only, so 5, 3 and 5 stars are three`, async () => {
    let nowMs = Date.UTC(2026, 0, 1)
    const { service, api, post } = await start(await env(), { now: () => new Date(nowMs) })
    const statuses: number[] = []
    for (const [stars, afterMs] of [
      [5, 0],
      [5, 4_999],
      [3, 1],
      [5, 1],
    ] as const) {
      nowMs += afterMs
      statuses.push((await post({ ...newRating, stars })).status)
    }
    assert.deepEqual(statuses, [201, 200, 201, 201])
    const listed = (await (await fetch(`${api}/v1/ratings/p1?reviewer=alice`)).json()) as ProductRatings
    assert.deepEqual([listed.histogram, listed.ratings.map(({ stars }) => stars)], [[0, 0, 1, 0, 2], [5]])
    await service.close()
  })
}

test('one key with other content is a conflict', async () => {
  const { service, post } = await start({})
  await post(newRating, { 'idempotency-key': 'k' })
  const conflict = await post({ ...newRating, stars: 1 }, { 'idempotency-key': 'k' })
  assert.equal(conflict.status, 409)
  await service.close()
})

test('the key in the body comes before the headers', async () => {
  const { service, post } = await start({})
  const first = await (await post({ ...newRating, idempotency_key: 'b' }, { 'idempotency-key': 'h1' })).json()
  const second = await (await post({ ...newRating, idempotency_key: 'b' }, { 'idempotency-key': 'h2' })).json()
  assert.deepEqual(second, first)
  await service.close()
})

test('wrong input is told what is wrong, and costs no key', async () => {
  const { service, post } = await start({})
  const wrong: [unknown, RegExp][] = [
    [{ ...newRating, stars: 9 }, /stars must be between 1 and 5, got 9/],
    [{ ...newRating, stars: '4' }, /stars must be an integer/],
    [{ ...newRating, reviewer: '  ' }, /reviewer is required/],
    [{ reviewer: 'alice' }, /product ID is required; stars is required/],
    [{ ...newRating, reviewer: 'a\0b' }, /reviewer holds a character that cannot be stored/],
    [[], /body must be an object/],
  ]
  for (const [body, message] of wrong) {
    const refused = await post(body, { 'idempotency-key': 'k' })
    assert.equal(refused.status, 400)
    assert.match(((await refused.json()) as { error: string }).error, message)
  }
  assert.equal((await post(newRating, { 'idempotency-key': 'k' })).status, 201)
  await service.close()
})
