import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'

describe('the rating form as scripts and htmx send it', () => {
  let system: TestSystem
  before(async () => {
    system = await startTestSystem({ storage: 'memory' })
  })
  after(() => system.remove())

  const good = { product_id: 'form-1', reviewer: 'alice', stars: '4', text: 'k6 load test review by alice' }
  const send = async (fields: Record<string, string>, headers: Record<string, string> = { 'hx-request': 'true' }) => {
    const url = `${system.addresses.gateway}/partials/rating`
    const reply = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers })
    return { status: reply.status, type: reply.headers.get('content-type'), html: await reply.text() }
  }

  test('a form that fits is taken, and how many stars it gave is said', async () => {
    for (const headers of [{ 'hx-request': 'true' }, {}]) {
      const { status, type, html } = await send(good, headers as Record<string, string>)
      assert.deepEqual([status, type], [200, 'text/html; charset=utf-8'])
      assert.match(html, /Review submitted successfully! You gave 4 stars\./)
    }
    assert.match((await send({ ...good, stars: '1' })).html, /You gave 1 star\./)
  })

  test('a form that does not fit is 422, keeps what was typed, and says why', async () => {
    for (const wrong of [{ stars: 'x' }, { stars: '6' }, { stars: '' }, { reviewer: ' ' }]) {
      const { status, html } = await send({ ...good, ...wrong })
      assert.equal(status, 422)
      assert.match(html, /Failed to submit: /)
      assert.match(html, /name="product_id" value="form-1"/)
    }
    assert.match((await send({ ...good, product_id: 'x'.repeat(201) })).html, /Failed to submit: product ID must have/)
    assert.equal((await send({ ...good, product_id: 'x'.repeat(201) })).status, 422)
    const bare = await fetch(`${system.addresses.gateway}/partials/rating`, { method: 'POST', body: '%zz' })
    assert.equal(bare.status, 422)
  })

  test('a delete without a book to show has nothing to show', async () => {
    const headers = { authorization: `Bearer ${system.token}` }
    const url = `${system.addresses.gateway}/partials/reviews/unknown/delete`
    assert.equal((await fetch(url, { method: 'POST', headers })).status, 204)
  })
})
