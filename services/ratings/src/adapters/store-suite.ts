import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OutgoingEvent } from '@bookinfo/eventlog'
import { naturalKey, type WriteKey } from '@bookinfo/idempotency'
import type { Rating } from '../domain.ts'
import type { RatingStore } from '../ports.ts'

export type Opened = { ratings: RatingStore; published: () => Promise<OutgoingEvent[]> }

let sequence = 0

const rating = (fields: Partial<Rating> = {}): Rating => {
  sequence += 1
  const createdAt = new Date(1_700_000_000_000 + sequence)
  return { id: `r${sequence}`, productId: 'p1', reviewer: 'alice', stars: 5, createdAt, ...fields }
}

const keyOf = ({ productId, reviewer, stars }: Rating, key: string): WriteKey => ({
  key,
  kind: 'explicit',
  fingerprint: naturalKey([productId, reviewer, stars]),
})

const natural = (given: Rating): WriteKey => {
  const { fingerprint } = keyOf(given, '')
  return { key: fingerprint, kind: 'natural', fingerprint }
}

/** What every rating store guarantees. */
export const describeRatingStore = (name: string, open: () => Promise<Opened>): void => {
  describe(name, () => {
    test('a rating is stored with its totals and announced once', async () => {
      const { ratings, published } = await open()
      const first = rating({ stars: 5 })
      const second = rating({ stars: 2 })
      await ratings.addOnce(keyOf(first, 'a'), first)
      await ratings.addOnce(keyOf(second, 'b'), second)
      const page = await ratings.page('p1', { offset: 0, limit: 10 })
      assert.deepEqual(page, { ratings: [second, first], total: 2, totals: [0, 1, 0, 0, 1] })
      const events = await published()
      assert.deepEqual(
        events.map(({ key, topic }) => [key, topic]),
        [
          ['p1', 'bookinfo_ratings_events'],
          ['p1', 'bookinfo_ratings_events'],
        ],
      )
      const { id, stars, average, count, version, idempotency_key } = JSON.parse(String(events[1]?.payload))
      assert.deepEqual(
        { id, stars, average, count, version, idempotency_key },
        {
          id: second.id,
          stars: 2,
          average: 3.5,
          count: 2,
          version: 2,
          idempotency_key: 'b',
        },
      )
      assert.equal(events[1]?.headers.ce_id, events[1]?.id)
    })

    test('a repeated key answers with the stored rating and announces nothing', async () => {
      const { ratings, published } = await open()
      const first = rating()
      await ratings.addOnce(keyOf(first, 'a'), first)
      const repeated = await ratings.addOnce(keyOf(first, 'a'), rating())
      assert.deepEqual(repeated, { outcome: 'repeated', value: first })
      assert.equal((await published()).length, 1)
    })

    test('a key that was used for other content is a conflict and stores nothing', async () => {
      const { ratings } = await open()
      const first = rating({ stars: 5 })
      const other = rating({ stars: 1 })
      await ratings.addOnce(keyOf(first, 'a'), first)
      await assert.rejects(ratings.addOnce(keyOf(other, 'a'), other), { code: 'conflict' })
      assert.equal((await ratings.page('p1', { offset: 0, limit: 10 })).total, 1)
    })

    test('fifty calls of one key at once make one rating', async () => {
      const { ratings, published } = await open()
      const given = rating()
      const stored = await Promise.all(Array.from({ length: 50 }, () => ratings.addOnce(keyOf(given, 'a'), rating())))
      assert.equal(stored.filter(({ outcome }) => outcome === 'created').length, 1)
      assert.equal(new Set(stored.map(({ value }) => value.id)).size, 1)
      assert.equal((await published()).length, 1)
    })

    test('concurrent ratings of one book are all in its totals, with rising versions', async () => {
      const { ratings, published } = await open()
      const given = Array.from({ length: 60 }, (_, n) => rating({ stars: (n % 5) + 1 }))
      await Promise.all(given.map((one) => ratings.addOnce(keyOf(one, one.id), one)))
      assert.deepEqual((await ratings.page('p1', { offset: 0, limit: 1 })).totals, [12, 12, 12, 12, 12])
      const versions = (await published()).map(({ payload }) => JSON.parse(String(payload)).version)
      assert.deepEqual(
        versions,
        Array.from({ length: 60 }, (_, n) => n + 1),
      )
    })

    test('two equal ratings under different keys are two', async () => {
      const { ratings } = await open()
      const [first, second] = [rating(), rating()]
      await ratings.addOnce(keyOf(first, 'a'), first)
      await ratings.addOnce(keyOf(second, 'b'), second)
      assert.equal((await ratings.page('p1', { offset: 0, limit: 10 })).total, 2)
    })

    test('without a key, equal content is one rating within five seconds and two after that', async () => {
      const { ratings } = await open()
      const first = rating()
      const soon = rating({ createdAt: new Date(first.createdAt.getTime() + 4_999) })
      const later = rating({ createdAt: new Date(first.createdAt.getTime() + 5_000) })
      assert.equal((await ratings.addOnce(natural(first), first)).outcome, 'created')
      assert.equal((await ratings.addOnce(natural(soon), soon)).outcome, 'repeated')
      assert.equal((await ratings.addOnce(natural(later), later)).outcome, 'created')
    })

    test('pages are newest first and the totals are over all of them', async () => {
      const { ratings } = await open()
      const given = Array.from({ length: 5 }, () => rating())
      for (const one of given) await ratings.addOnce(keyOf(one, one.id), one)
      const page = await ratings.page('p1', { offset: 2, limit: 2 })
      assert.deepEqual(
        page.ratings.map(({ id }) => id),
        [given[2]?.id, given[1]?.id],
      )
      assert.equal(page.total, 5)
      assert.deepEqual((await ratings.page('unknown', { offset: 0, limit: 2 })).ratings, [])
    })

    test('the newest rating of each reviewer is the one that counts as theirs', async () => {
      const { ratings } = await open()
      const given = [
        rating({ stars: 5 }),
        rating({ stars: 3 }),
        rating({ reviewer: 'bob', stars: 1 }),
        rating({ stars: 5 }),
      ]
      for (const one of given) await ratings.addOnce(keyOf(one, one.id), one)
      const found = await ratings.newestBy('p1', ['alice', 'bob', 'nobody', 'alice'])
      const stars = new Map(found.ratings.map(({ reviewer, stars }) => [reviewer, stars]))
      assert.deepEqual([stars.get('alice'), stars.get('bob'), stars.size], [5, 1, 2])
    })
  })
}
