import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEnv } from '@bookinfo/config'
import { testDatabase } from '@bookinfo/testing'
import fc from 'fast-check'
import { Pool } from 'undici'
import { readConfig } from './config.ts'
import { NewReview, ReviewToDelete, reviews } from './contract.ts'
import { createReviews } from './service.ts'

const bodiesPerRoute = 10_000
const atOnce = 16

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
  fc.constantFrom('p1', 'a\0b', '\ud800', '', ' ', 'v-1', 'x'.repeat(70)),
  fc.jsonValue({ maxDepth: 2 }),
)
const bodyOf = (fields: string[]) =>
  fc.oneof(
    fc
      .record(Object.fromEntries(fields.map((field) => [field, value])), { requiredKeys: [] })
      .map((it) => JSON.stringify(it)),
    fc.json(),
    fc.string({ maxLength: 200 }),
  )

const routes = [
  { route: reviews.routes.submit, fields: Object.keys(NewReview.properties) },
  { route: reviews.routes.delete, fields: Object.keys(ReviewToDelete.properties) },
]

for (const { route, fields } of routes) {
  test(`no body makes POST ${route.path} fail inside`, async () => {
    const env = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', SERVICE_NAME: 'reviews', LOG_LEVEL: 'error' }
    const database = { STORAGE_BACKEND: 'postgres', DATABASE_URL: (await testDatabase()).url }
    const service = await createReviews(readConfig(readEnv({ ...env, ...database })), { processMetrics: false })
    const client = new Pool((await service.listen()).api, { connections: atOnce })
    const bodies = fc.sample(bodyOf(fields), { numRuns: bodiesPerRoute, seed: 7 })
    const counts = new Map<number, number>()
    const send = async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const reply = await client.request({ method: 'POST', path: route.path, body })
        await reply.body.dump()
        assert.ok(reply.statusCode < 500, `${reply.statusCode} for ${body}`)
        counts.set(reply.statusCode, (counts.get(reply.statusCode) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, send))
    assert.ok((counts.get(400) ?? 0) > 1_000 && counts.size > 1, JSON.stringify([...counts]))
    await client.close()
    await service.close()
  })
}
