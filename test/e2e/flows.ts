import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Detail } from '@bookinfo/details/contract'
import type { Letter } from '@bookinfo/dlqueue/contract'
import type { Notification } from '@bookinfo/notification/contract'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import type { ProductReviews } from '@bookinfo/reviews/contract'
import { waitFor } from '@bookinfo/testing'
import { startTestSystem, type TestSystem } from './start.ts'

/** Every flow from a POST at the gateway to a readable row, in one arrangement of processes. */
export const describeFlows = (name: string, options: Parameters<typeof startTestSystem>[0]): void => {
  describe(name, () => {
    let system: TestSystem
    before(async () => {
      system = await startTestSystem(options)
    })
    after(() => system.remove())

    const notificationsAbout = async (subject: string): Promise<Notification[]> => {
      const url = `${system.addresses.services.notification}/v1/notifications?recipient=system@bookinfo`
      const { notifications } = await system.operator<{ notifications: Notification[] }>(url)
      return notifications.filter((notification) => notification.subject === subject)
    }
    const ratingsOf = (id: string) => system.get<ProductRatings>(`/v1/ratings/${id}`)
    const balanced = () =>
      waitFor('a ledger at rest', async () => {
        const ledger = await system.ledger()
        return ledger.in_flight === 0 && ledger
      })

    test('a rating becomes readable, is announced, and its command says applied', async () => {
      const reply = await system.post('/v1/ratings', { product_id: 'flow-1', reviewer: 'alice', stars: 4 })
      assert.deepEqual([reply.status, await reply.text()], [200, 'success'])
      await waitFor('the rating', async () => (await ratingsOf('flow-1')).count === 1)
      await waitFor('its notification', async () => (await notificationsAbout('flow-1')).length === 1)
      const id = reply.headers.get('event-id')
      await waitFor(
        'its status',
        async () => (await system.get<{ status: string }>(`/v1/commands/${id}`)).status === 'applied',
      )
    })

    test('a body that calls itself a form is read as the JSON it is, as curl sends it', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      const rating = { product_id: 'flow-6', reviewer: 'gil', stars: 5 }
      assert.equal((await system.post('/v1/ratings', rating, form)).status, 200)
      await waitFor('the rating', async () => (await ratingsOf('flow-6')).count === 1)
      assert.equal((await system.post('/v1/ratings', 'product_id=flow-6&reviewer=gil&stars=5', form)).status, 400)
    })

    test('two equal ratings by one reader are two, and one that is sent again is one', async () => {
      const rating = { product_id: 'flow-2', reviewer: 'bob', stars: 5 }
      for (const key of ['a', 'b', 'a'])
        await system.post('/v1/ratings', rating, { 'idempotency-key': `flow-2-${key}` })
      await balanced()
      assert.equal((await ratingsOf('flow-2')).count, 2)
    })

    test('a review becomes readable with its stars, and goes when it is deleted', async () => {
      const review = {
        product_id: 'flow-3',
        reviewer: 'carol',
        text: 'Good <b>book</b> & more',
        review_id: 'flow-3-review',
      }
      await system.post('/v1/ratings', { product_id: 'flow-3', reviewer: 'carol', stars: 3 })
      await system.post('/v1/reviews', review)
      const reviewsOf = () => system.get<ProductReviews>('/v1/reviews/flow-3')
      const stored = await waitFor('the review', async () => (await reviewsOf()).reviews[0])
      assert.deepEqual([stored.id, stored.text], ['flow-3-review', review.text])
      await waitFor('its stars', async () => (await reviewsOf()).reviews[0]?.rating?.stars === 3)
      const toDelete = { review_id: 'flow-3-review' }
      assert.equal((await system.post('/v1/reviews/delete', toDelete)).status, 401)
      const operator = { authorization: `Bearer ${system.token}` }
      assert.equal((await system.post('/v1/reviews/delete', toDelete, operator)).status, 200)
      await waitFor('the review to go', async () => (await reviewsOf()).reviews.length === 0)
      await waitFor('both notifications', async () => (await notificationsAbout('flow-3-review')).length === 1)
    })

    test('a review goes when its author deletes it on the page, and stays when somebody else tries', async () => {
      const { gateway } = system.addresses
      const page = { 'hx-request': 'true' }
      const form = new URLSearchParams({ product_id: 'flow-5', reviewer: 'fay', stars: '4', text: 'Mine to delete.' })
      const written = await fetch(`${gateway}/partials/rating`, { method: 'POST', body: form, headers: page })
      assert.match(await written.text(), /submitted successfully/)
      const reviewsOf = () => system.get<ProductReviews>('/v1/reviews/flow-5')
      const { id } = await waitFor('the review', async () => (await reviewsOf()).reviews[0])
      const remove = async (headers: Record<string, string>) => {
        const url = `${gateway}/partials/reviews/${id}/delete?product_id=flow-5`
        return (await fetch(url, { method: 'POST', headers: { ...page, ...headers } })).status
      }
      assert.equal(await remove({}), 403)
      assert.equal((await reviewsOf()).reviews.length, 1)
      assert.equal(await remove({ cookie: written.headers.get('set-cookie')?.split(';')[0] ?? '' }), 200)
      await waitFor('the review to go', async () => (await reviewsOf()).reviews.length === 0)
    })

    test('a book becomes readable and its ratings reach the catalogue', async () => {
      await system.post('/v1/details', {
        title: 'A Flow of Events',
        author: 'E. Driven',
        year: -800,
        isbn_13: '9780140714890',
      })
      const found = () => system.get<Detail[]>('/v1/details?q=flow+of+events')
      const [book] = await waitFor('the book', async () => {
        const books = await found()
        return books.length === 1 && books
      })
      assert.equal(book?.year, -800)
      await system.post('/v1/ratings', { product_id: book?.id, reviewer: 'dan', stars: 2 })
      await waitFor('its average', async () => (await found())[0]?.average === 2)
      await waitFor('its notification', async () => (await notificationsAbout('A Flow of Events')).length === 1)
    })

    test('what is wrong is said at the door and costs nothing', async () => {
      const before = (await balanced()).deliveries
      for (const body of ['', '{', '[]', 'null', { product_id: 'x' }, { product_id: 'x', reviewer: 'y', stars: 9 }]) {
        const refused = await system.post('/v1/ratings', body)
        assert.equal(refused.status, 400)
      }
      assert.equal((await balanced()).deliveries, before)
    })

    test('an event whose service is away becomes a letter, and is applied once when it is replayed', async () => {
      const { operator: operatorUrl, services } = system.addresses
      const letters = async () =>
        (await system.operator<{ items: Letter[] }>(`${services.dlqueue}/v1/events?sensor_name=ratings-sensor`)).items
      await system.operator(`${operatorUrl}/api/services/ratings/stop`, { method: 'POST' })
      const reply = await system.post('/v1/ratings', { product_id: 'flow-4', reviewer: 'erin', stars: 1 })
      assert.equal(reply.status, 200)
      const [letter] = await waitFor(
        'a letter',
        async () => {
          const found = await letters()
          return found.length > 0 && found
        },
        { limitMs: 60_000 },
      )
      assert.equal(letter?.status, 'pending')
      assert.equal(letter?.event_id, reply.headers.get('event-id'))
      assert.equal(letter?.failed_trigger, 'rating-submitted')
      assert.equal(letter?.attempts.length, 3)
      assert.equal(letter?.original_payload_text, '{"product_id":"flow-4","reviewer":"erin","stars":1}')
      await system.operator(`${operatorUrl}/api/services/ratings/start`, { method: 'POST' })
      const replay = () =>
        fetch(`${services.dlqueue}/v1/events/${letter?.id}/replay`, {
          method: 'POST',
          headers: { authorization: `Bearer ${system.token}` },
        })
      const statuses = (await Promise.all([replay(), replay(), replay(), replay()])).map(({ status }) => status).sort()
      assert.deepEqual(statuses, [200, 409, 409, 409])
      await waitFor('the rating', async () => (await ratingsOf('flow-4')).count === 1)
      await waitFor('a resolved letter', async () => (await letters())[0]?.status === 'resolved', { limitMs: 30_000 })
      assert.equal((await ratingsOf('flow-4')).count, 1)
    })

    test('dead letters are private', async () => {
      const { services, gateway } = system.addresses
      assert.equal((await fetch(`${services.dlqueue}/v1/events`)).status, 401)
      assert.equal((await fetch(`${gateway}/v1/events`, { method: 'POST', body: '{}' })).status, 405)
    })

    test('every figure of the ledger was counted on its own, and they agree', async () => {
      const ledger = await balanced()
      assert.equal(ledger.balanced, true)
      assert.equal(ledger.dead, 1)
      assert.ok(ledger.applied > 10)
    })
  })
}
