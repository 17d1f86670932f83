import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readEnv } from '@bookinfo/config'
import { testDatabase } from '@bookinfo/testing'
import fc from 'fast-check'
import { Pool } from 'undici'
import { readConfig } from './config.ts'
import { reviews } from './contract.ts'
import { createReviews } from './service.ts'

const bodiesPerRoute = 10_000
const atOnce = 16

const routes = [
  {
    route: reviews.routes.submit,
    valid: { product_id: 'p1', reviewer: 'alice', text: 'Great book!', review_id: 'v-1', idempotency_key: 'k' },
  },
  { route: reviews.routes.delete, valid: { review_id: 'v-1' } },
]

const anyValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
  fc.constantFrom('a\0b', '\ud800', '', ' ', '\u{10ffff}'.repeat(300), 'x'.repeat(20_000)),
  fc.constantFrom(0, -1, 5, 2 ** 31, 2 ** 53, 1e300, 4.5),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Bodies that fit but for a field or two, and bodies that are anything at all. */
const bodiesLike = (valid: Record<string, unknown>) => {
  const fields = Object.entries(valid).map(([name, value]) => {
    const field = fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: anyValue })
    return [name, field] as const
  })
  const nearlyValid = fc.record(Object.fromEntries(fields)).map((body) => JSON.stringify(body))
  return fc.oneof(
    { weight: 8, arbitrary: nearlyValid },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
  )
}

const open: { close(): Promise<void> }[] = []
after(async () => {
  for (const one of open) await one.close()
})

for (const { route, valid } of routes) {
  test(`no body makes POST ${route.path} fail inside`, async () => {
    const env = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', SERVICE_NAME: 'reviews', LOG_LEVEL: 'error' }
    const database = { STORAGE_BACKEND: 'postgres', DATABASE_URL: (await testDatabase()).url }
    const service = await createReviews(readConfig(readEnv({ ...env, ...database })), { processMetrics: false })
    const client = new Pool((await service.listen()).api, { connections: atOnce })
    open.push(client, service)
    const bodies = fc.sample(bodiesLike(valid), { numRuns: bodiesPerRoute, seed: 7 })
    const statuses = new Set<number>()
    const sendAll = async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const reply = await client.request({ method: 'POST', path: route.path, body })
        await reply.body.dump()
        assert.ok(reply.statusCode < 500, `${reply.statusCode} for ${body}`)
        statuses.add(reply.statusCode)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, sendAll))
    assert.ok(statuses.has(400) && [...statuses].some((status) => status < 300), [...statuses].join())
  })
}
