import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beginReplay, type Letter } from '../domain.ts'
import type { LetterStore } from '../ports.ts'

let sequence = 0

/** A letter of its own; fields as given. */
export const someLetter = (fields: Partial<Letter> = {}): Letter => {
  sequence += 1
  const at = new Date(1_700_000_000_000 + sequence * 1_000)
  return {
    id: `l${sequence}`,
    eventId: `e${sequence}`,
    eventType: 'webhook',
    eventSource: 'rating-submitted',
    eventSubject: 'rating-submitted',
    sensorName: 'ratings-sensor',
    failedTrigger: 'rating-submitted',
    eventSourceName: 'rating-submitted',
    eventSourceUrl: '',
    namespace: 'bookinfo',
    recordKey: '',
    payload: Buffer.from('{"b":1,"a":12345678901234567890}'),
    headers: { 'X-Request-Id': ['r1'] },
    dataContentType: 'application/json',
    eventTimestamp: at,
    failure: {
      status: 500,
      error: 'internal',
      attempts: [{ at: at.toISOString(), duration_ms: 1.5, status: 500, error: 'internal' }],
    },
    status: 'pending',
    retryCount: 0,
    maxRetries: 3,
    replayEventId: null,
    lastReplayedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    version: 1,
    createdAt: at,
    updatedAt: at,
    ...fields,
  }
}

/** What every letter store guarantees. */
export const describeLetterStore = (name: string, open: () => Promise<LetterStore>): void => {
  describe(name, () => {
    test('a letter comes back as it was stored, byte for byte', async () => {
      const letters = await open()
      for (const payload of [Buffer.from('{"b":1, "a":1.0}'), Buffer.from([0xff, 0x00, 0x80]), Buffer.alloc(0)]) {
        const letter = someLetter({ payload })
        assert.equal((await letters.addOnce(letter)).isNew, true)
        assert.deepEqual(await letters.find(letter.id), letter)
      }
      assert.equal(await letters.find('unknown'), undefined)
    })

    test('the same failure of the same event is one letter, and equal events are two', async () => {
      const letters = await open()
      const first = someLetter()
      await letters.addOnce(first)
      const again = await letters.addOnce({ ...first, id: 'another' })
      assert.deepEqual([again.isNew, again.letter.id], [false, first.id])
      assert.equal((await letters.addOnce(someLetter({ payload: first.payload }))).isNew, true)
    })

    test('first deliveries at once make one letter', async () => {
      const letters = await open()
      const letter = someLetter()
      const added = await Promise.all(
        Array.from({ length: 20 }, (_, n) => letters.addOnce({ ...letter, id: `${letter.id}-${n}` })),
      )
      assert.equal(added.filter(({ isNew }) => isNew).length, 1)
    })

    test('of several changes to one version, one is stored', async () => {
      const letters = await open()
      const letter = someLetter()
      await letters.addOnce(letter)
      const taken = beginReplay(letter, new Date())
      const results = await Promise.all(Array.from({ length: 5 }, () => letters.replace(taken)))
      assert.equal(results.filter(Boolean).length, 1)
      assert.equal((await letters.find(letter.id))?.status, 'replaying')
    })

    test('lists are newest first, filtered and counted', async () => {
      const letters = await open()
      const given = [someLetter(), someLetter({ sensorName: 'other' }), someLetter({ status: 'resolved' })]
      for (const letter of given) await letters.addOnce(letter)
      const all = await letters.list({}, { offset: 0, limit: 2 })
      assert.deepEqual([all.total, all.letters.map(({ id }) => id)], [3, [given[2]?.id, given[1]?.id]])
      const filtered = await letters.list({ sensorName: 'ratings-sensor', status: 'pending' }, { offset: 0, limit: 9 })
      assert.deepEqual(
        filtered.letters.map(({ id }) => id),
        [given[0]?.id],
      )
      assert.equal((await letters.list({ createdAfter: given[1]?.createdAt }, { offset: 0, limit: 9 })).total, 2)
      assert.equal(
        (await letters.depth()).reduce((sum, { count }) => sum + count, 0),
        3,
      )
    })
  })
}
