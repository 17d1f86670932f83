import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalKey, type WriteKey } from '@bookinfo/idempotency'
import type { Review } from '../domain.ts'
import type { ReviewStore } from '../ports.ts'

export type Opened = { reviews: ReviewStore; published: () => Promise<OutgoingEvent[]> }

const start = Date.UTC(2026, 0, 1)
const at = (afterMs: number) => new Date(start + afterMs)
const firstPage = { offset: 0, limit: 10 }
let sequence = 0

const review = (fields: Partial<Review> = {}): Review => {
  sequence += 1
  const createdAt = at(sequence)
  return { id: `v${sequence}`, productId: 'p1', reviewer: 'alice', text: 'Great book!', createdAt, ...fields }
}

const keyOf = ({ productId, reviewer, text }: Review, key: string): WriteKey => ({
  key,
  kind: 'explicit',
  fingerprint: naturalKey([productId, reviewer, text]),
})

const natural = (given: Review): WriteKey => {
  const { fingerprint } = keyOf(given, '')
  return { key: fingerprint, kind: 'natural', fingerprint }
}

const types = (events: OutgoingEvent[]) => events.map(({ headers }) => headers.ce_type?.split('.').at(-1))

/** What every review store guarantees. */
export const describeReviewStore = (name: string, open: () => Promise<Opened>): void => {
  describe(name, () => {
    test('a review is stored, counted and announced once', async () => {
      const { reviews, published } = await open()
      const given = review()
      const stored = await reviews.addOnce(keyOf(given, 'a'), given)
      assert.deepEqual(stored, { outcome: 'created', value: { ...given, deletedAt: undefined } })
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [given], total: 1 })
      const [event, ...others] = await published()
      assert.deepEqual(others, [])
      assert.deepEqual([event?.topic, event?.key, event?.headers.ce_subject], ['bookinfo_reviews_events', 'p1', 'p1'])
      const data = { id: given.id, product_id: 'p1', reviewer: 'alice', text: 'Great book!', idempotency_key: 'a' }
      assert.deepEqual(JSON.parse(String(event?.payload)), data)
    })

    test('a repeated key answers with the stored review and announces nothing', async () => {
      const { reviews, published } = await open()
      const first = review()
      await reviews.addOnce(keyOf(first, 'a'), first)
      const repeated = await reviews.addOnce(keyOf(first, 'a'), review())
      assert.deepEqual(repeated, { outcome: 'repeated', value: { ...first, deletedAt: undefined } })
      assert.equal((await published()).length, 1)
    })

    test('a second submit under one review id is the same review, whatever its key', async () => {
      const { reviews } = await open()
      const first = review()
      await reviews.addOnce(keyOf(first, 'a'), first)
      const second = await reviews.addOnce(keyOf(first, 'b'), review({ id: first.id }))
      assert.deepEqual(second, { outcome: 'repeated', value: { ...first, deletedAt: undefined } })
      assert.equal((await reviews.page('p1', firstPage)).total, 1)
    })

    test('a used key or review id with other content is a conflict and stores nothing', async () => {
      const { reviews, published } = await open()
      const first = review()
      const other = review({ text: 'Changed my mind.' })
      await reviews.addOnce(keyOf(first, 'a'), first)
      await assert.rejects(reviews.addOnce(keyOf(other, 'a'), other), { code: 'conflict' })
      const sameId = { ...other, id: first.id }
      await assert.rejects(reviews.addOnce(keyOf(sameId, 'b'), sameId), { code: 'conflict' })
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [first], total: 1 })
      assert.equal((await published()).length, 1)
    })

    test('fifty calls of one key at once make one review', async () => {
      const { reviews, published } = await open()
      const given = review()
      const calls = Array.from({ length: 50 }, () => reviews.addOnce(keyOf(given, 'a'), review()))
      const stored = await Promise.all(calls)
      assert.equal(stored.filter(({ outcome }) => outcome === 'created').length, 1)
      assert.equal(new Set(stored.map(({ value }) => value.id)).size, 1)
      assert.equal((await reviews.page('p1', firstPage)).total, 1)
      assert.equal((await published()).length, 1)
    })

    test('without a key, equal content is one review within five seconds and two after that', async () => {
      const { reviews } = await open()
      const first = review()
      const soon = review({ createdAt: new Date(first.createdAt.getTime() + 4_999) })
      const later = review({ createdAt: new Date(first.createdAt.getTime() + 5_000) })
      assert.equal((await reviews.addOnce(natural(first), first)).outcome, 'created')
      assert.equal((await reviews.addOnce(natural(soon), soon)).outcome, 'repeated')
      assert.equal((await reviews.addOnce(natural(later), later)).outcome, 'created')
    })

    test('a deleted review is gone, counted off, and announced once under its book', async () => {
      const { reviews, published } = await open()
      const [first, second] = [review(), review({ text: 'Still great.' })]
      await reviews.addOnce(keyOf(first, 'a'), first)
      await reviews.addOnce(keyOf(second, 'b'), second)
      assert.deepEqual(await reviews.deleteOnce(first.id, at(9_000)), { productId: 'p1' })
      assert.equal(await reviews.deleteOnce(first.id, at(9_001)), undefined)
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [second], total: 1 })
      const events = await published()
      assert.deepEqual(types(events), ['review-submitted', 'review-submitted', 'review-deleted'])
      const deleted = events[2]
      assert.deepEqual([deleted?.key, deleted?.headers.ce_subject], ['p1', 'p1'])
      const idempotency_key = `review-deleted-${first.id}`
      assert.deepEqual(JSON.parse(String(deleted?.payload)), { review_id: first.id, product_id: 'p1', idempotency_key })
    })

    test('fifty deletes at once delete once', async () => {
      const { reviews, published } = await open()
      const given = review()
      await reviews.addOnce(keyOf(given, 'a'), given)
      const deleted = await Promise.all(Array.from({ length: 50 }, () => reviews.deleteOnce(given.id, at(9_000))))
      assert.equal(deleted.filter((one) => one !== undefined).length, 1)
      assert.deepEqual(types(await published()), ['review-submitted', 'review-deleted'])
    })

    test('a submit that arrives again after the delete does nothing and says so', async () => {
      const { reviews, published } = await open()
      const given = review()
      await reviews.addOnce(keyOf(given, 'a'), given)
      await reviews.deleteOnce(given.id, at(9_000))
      const late = await reviews.addOnce(keyOf(given, 'a'), review())
      assert.deepEqual(late, { outcome: 'repeated', value: { ...given, deletedAt: at(9_000) } })
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [], total: 0 })
      assert.equal((await published()).length, 2)
    })

    test('a submit that arrives after the delete of its id does nothing, and neither is announced', async () => {
      const { reviews, published } = await open()
      const late = review()
      assert.equal(await reviews.deleteOnce(late.id, at(9_000)), undefined)
      const submitted = await reviews.addOnce(keyOf(late, 'a'), late)
      assert.deepEqual([submitted.outcome, submitted.value.deletedAt], ['repeated', at(9_000)])
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [], total: 0 })
      assert.deepEqual(await published(), [])
    })

    test('the text of a deleted review can be posted again', async () => {
      const { reviews } = await open()
      const [first, second] = [review(), review()]
      await reviews.addOnce(natural(first), first)
      await reviews.deleteOnce(first.id, at(9_000))
      assert.equal((await reviews.addOnce(natural(second), second)).outcome, 'created')
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [second], total: 1 })
    })

    test('a submit and its delete at once end with no review, whichever came first', async () => {
      const { reviews, published } = await open()
      const given = Array.from({ length: 20 }, () => review())
      const both = given.flatMap((one) => [
        reviews.addOnce(keyOf(one, one.id), one),
        reviews.deleteOnce(one.id, at(9_000)),
      ])
      await Promise.all(both)
      assert.deepEqual(await reviews.page('p1', firstPage), { reviews: [], total: 0 })
      const counts = Map.groupBy(types(await published()), (type) => type)
      assert.equal(counts.get('review-submitted')?.length, counts.get('review-deleted')?.length)
    })

    test('pages are newest first, equal times by id, with the total over all of them', async () => {
      const { reviews } = await open()
      const times = [1, 3, 2, 2, 5]
      const given = times.map((time, n) => review({ id: `x${n}`, text: `text ${n}`, createdAt: at(time) }))
      for (const one of given) await reviews.addOnce(keyOf(one, one.id), one)
      const other = review({ productId: 'p2' })
      await reviews.addOnce(keyOf(other, other.id), other)
      const idsOn = async (offset: number) =>
        (await reviews.page('p1', { offset, limit: 2 })).reviews.map(({ id }) => id)
      assert.deepEqual(await Promise.all([0, 2, 4, 6].map(idsOn)), [['x4', 'x1'], ['x2', 'x3'], ['x0'], []])
      assert.equal((await reviews.page('p1', { offset: 1_000_000_000, limit: 2 })).total, 5)
      assert.deepEqual(await reviews.page('unknown', firstPage), { reviews: [], total: 0 })
    })

    test('the state of a review is stored or deleted, and an unknown one is left out', async () => {
      const { reviews } = await open()
      const [stored, deleted] = [review(), review()]
      await reviews.addOnce(keyOf(stored, 'a'), stored)
      await reviews.addOnce(keyOf(deleted, 'b'), deleted)
      await reviews.deleteOnce(deleted.id, at(9_000))
      const states = await reviews.states([stored.id, deleted.id, 'unknown', stored.id])
      assert.deepEqual(Object.fromEntries(states.map(({ id, state }) => [id, state])), {
        [stored.id]: 'stored',
        [deleted.id]: 'deleted',
      })
      assert.equal(states.length, 2)
    })
  })
}
