import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { type Env, readEnv } from '@bookinfo/config'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { testDatabase, waitFor } from '@bookinfo/testing'
import { readConfig } from './config.ts'
import type { ProductReviews, SubmittedReview } from './contract.ts'
import { createReviews } from './service.ts'

const open: { close(): Promise<unknown> }[] = []
after(() => Promise.all(open.map((one) => one.close())))

/** A server in the place of ratings, that answers every request with this. */
const startRatings = async (answer: (url: URL) => { status: number; body: unknown }) => {
  const asked: URL[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://ratings')
    asked.push(url)
    const { status, body } = answer(url)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ close: async () => void server.close() })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const start = async (env: Env = {}) => {
  const published: OutgoingEvent[] = []
  const lines: string[] = []
  const ports = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', SERVICE_NAME: 'reviews' }
  const ratings = env.RATINGS_SERVICE_URL ?? (await startRatings(() => ({ status: 500, body: {} }))).url
  const service = await createReviews(readConfig(readEnv({ ...ports, RATINGS_SERVICE_URL: ratings, ...env })), {
    publisher: { publish: async (events) => void published.push(...events), close: async () => {} },
    logDestination: { write: (line) => void lines.push(line) },
  })
  open.push(service)
  const { api, admin } = await service.listen()
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body), headers })
  return {
    admin,
    published,
    lines,
    fetch: (path: string) => fetch(`${api}${path}`),
    submit: (body: unknown, headers?: Record<string, string>) => post('/v1/reviews', body, headers),
    remove: (body: unknown) => post('/v1/reviews/delete', body),
    list: async (path: string) => (await (await fetch(`${api}/v1/reviews/${path}`)).json()) as ProductReviews,
  }
}

const newReview = { product_id: 'p1', reviewer: 'alice', text: 'Great book!' }

const backends: Record<string, () => Promise<Env>> = {
  memory: async () => ({}),
  postgres: async () => ({ STORAGE_BACKEND: 'postgres', DATABASE_URL: (await testDatabase()).url }),
}

for (const [backend, env] of Object.entries(backends)) {
  describe(`with ${backend} storage`, () => {
    test('a review that was posted is listed, announced, counted and logged', async () => {
      const { submit, list, published, admin, lines } = await start(await env())
      const created = await submit(newReview, { 'ce-id': 'e1/review-submitted' })
      assert.equal(created.status, 201)
      const review = (await created.json()) as SubmittedReview
      const repeated = await submit(newReview, { 'ce-id': 'e1/review-submitted' })
      assert.deepEqual([repeated.status, await repeated.json()], [200, review])
      const listed = await list('p1')
      assert.deepEqual(listed.reviews, [review])
      assert.deepEqual(listed.pagination, { page: 1, page_size: 10, total_items: 1, total_pages: 1 })
      assert.equal(listed.states, undefined)
      await waitFor('the event', () => published.length === 1)
      assert.match(await (await fetch(`${admin}/metrics`)).text(), /^reviews_submitted_total 1$/m)
      assert.ok(lines.some((line) => line.includes('"review submitted"') && line.includes(review.id)))
    })

    test('a deleted review is gone, deleting it again is a success, and the event carries its book', async () => {
      const { submit, remove, list, published, admin } = await start(await env())
      await submit({ ...newReview, review_id: 'mine' })
      const statuses = [await remove({ review_id: 'mine' }), await remove({ review_id: 'mine' })].map((it) => it.status)
      assert.deepEqual(statuses, [204, 204])
      const listed = await list('p1?review=mine&review=unknown')
      assert.deepEqual([listed.reviews, listed.states], [[], [{ id: 'mine', state: 'deleted' }]])
      await waitFor('both events', () => published.length === 2)
      const deleted = published[1] as OutgoingEvent
      assert.deepEqual([deleted.key, JSON.parse(String(deleted.payload)).product_id], ['p1', 'p1'])
      assert.match(await (await fetch(`${admin}/metrics`)).text(), /^reviews_deleted_total 1$/m)
    })

    test('a submit that comes after the delete is a success that changes nothing', async () => {
      const { submit, remove, list } = await start(await env())
      assert.equal((await remove({ review_id: 'late' })).status, 204)
      const late = await submit({ ...newReview, review_id: 'late' })
      const review = (await late.json()) as SubmittedReview
      assert.deepEqual([late.status, review.id, typeof review.deleted_at], [200, 'late', 'string'])
      assert.deepEqual((await list('p1')).reviews, [])
    })

    test('a form that is sent twice is one review, and with another text a conflict', async () => {
      const { submit, list } = await start(await env())
      const form = { ...newReview, review_id: 'form-1' }
      const statuses = [
        await submit(form, { 'ce-id': 'e1/x' }),
        await submit(form, { 'ce-id': 'e2/x' }),
        await submit(form),
        await submit({ ...form, text: 'Awful.' }, { 'ce-id': 'e3/x' }),
      ]
      assert.deepEqual(
        statuses.map((it) => it.status),
        [201, 200, 200, 409],
      )
      assert.equal((await list('p1')).pagination.total_items, 1)
      assert.deepEqual((await list('p1?review=form-1')).states, [{ id: 'form-1', state: 'stored' }])
    })

    test('two bare submits with different minted ids are two reviews', async () => {
      const { submit } = await start(await env())
      const statuses = [await submit({ ...newReview, review_id: 'a' }), await submit({ ...newReview, review_id: 'b' })]
      assert.deepEqual(
        statuses.map((it) => it.status),
        [201, 201],
      )
    })
  })
}

describe('ratings', () => {
  test('are asked for the reviewers on the page only, with the book and names encoded', async () => {
    const { asked, url } = await startRatings(() => ({
      status: 200,
      body: { average: 4.5, count: 8, ratings: [{ id: 'r1', product_id: 'a/b?c', reviewer: 'zoë & co', stars: 5 }] },
    }))
    const { submit, list } = await start({ RATINGS_SERVICE_URL: url })
    for (const reviewer of ['off the page', 'bob', 'zoë & co', 'bob']) {
      await submit({ product_id: 'a/b?c', reviewer, text: `by ${reviewer}` }, { 'ce-id': crypto.randomUUID() })
    }
    const { reviews } = await list('a%2Fb%3Fc?page_size=3')
    assert.deepEqual(
      asked.map(({ pathname }) => pathname),
      ['/v1/ratings/a%2Fb%3Fc'],
    )
    assert.deepEqual(asked[0]?.searchParams.getAll('reviewer').sort(), ['bob', 'zoë & co'])
    assert.deepEqual(reviews.find(({ reviewer }) => reviewer === 'zoë & co')?.rating, {
      stars: 5,
      average: 4.5,
      count: 8,
    })
    assert.deepEqual(reviews.find(({ reviewer }) => reviewer === 'bob')?.rating, { stars: 0, average: 4.5, count: 8 })
  })

  test('that fail leave the reviews readable, and a warning behind', async () => {
    const { submit, list, lines } = await start()
    await submit(newReview)
    const { reviews } = await list('p1')
    assert.deepEqual([reviews.length, reviews[0]?.rating], [1, undefined])
    const warning = lines.find((line) => line.includes('failed to fetch ratings, returning reviews without ratings'))
    assert.equal(JSON.parse(warning ?? '{}').level, 'WARN')
  })

  test('are not asked for a book without reviews', async () => {
    const { asked, url } = await startRatings(() => ({ status: 200, body: {} }))
    const { list } = await start({ RATINGS_SERVICE_URL: url })
    assert.deepEqual((await list('p1')).reviews, [])
    assert.equal(asked.length, 0)
  })
})

test('a page beyond the last is empty and has the true totals', async () => {
  const { submit, list } = await start()
  for (const text of ['one', 'two', 'three']) await submit({ ...newReview, text })
  const beyond = await list('p1?page=9&page_size=2')
  assert.deepEqual(beyond.reviews, [])
  assert.deepEqual(beyond.pagination, { page: 9, page_size: 2, total_items: 3, total_pages: 2 })
  assert.deepEqual((await list('unknown')).pagination, { page: 1, page_size: 10, total_items: 0, total_pages: 0 })
})

test('wrong input is told what is wrong, and costs no key', async () => {
  const { submit, remove, fetch } = await start()
  const wrong: [unknown, RegExp][] = [
    [{ ...newReview, reviewer: ' ' }, /reviewer is required/],
    [{}, /product ID is required; reviewer is required; review text is required/],
    [{ ...newReview, text: 'a\0b' }, /review text holds a character that cannot be stored/],
    [{ ...newReview, text: 'x'.repeat(10_001) }, /review text must have at most 10000 characters/],
    [{ ...newReview, review_id: '../x' }, /review_id has the wrong form/],
  ]
  for (const [body, message] of wrong) {
    const refused = await submit(body, { 'idempotency-key': 'k' })
    assert.equal(refused.status, 400)
    assert.match(((await refused.json()) as { error: string }).error, message)
  }
  assert.equal((await submit(newReview, { 'idempotency-key': 'k' })).status, 201)
  assert.deepEqual([(await remove({})).status, (await remove({ review_id: '' })).status], [400, 400])
  for (const query of ['page=0', 'page=x', 'page=9223372036854775807', 'page_size=0', 'page_size=101']) {
    assert.equal((await fetch(`/v1/reviews/p1?${query}`)).status, 400, query)
  }
  const many = Array.from({ length: 101 }, (_, n) => `review=${n}`).join('&')
  assert.equal((await fetch(`/v1/reviews/p1?${many}`)).status, 400)
})
