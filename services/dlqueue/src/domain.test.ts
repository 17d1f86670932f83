import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someLetter } from './adapters/store-suite.ts'
import {
  beginReplay,
  failedAgain,
  payloadHash,
  replayed,
  replayFailed,
  reset,
  resolve,
  withoutCredentials,
} from './domain.ts'

const now = new Date('2026-01-15T10:00:00Z')
const failure = { status: 500, error: 'again', attempts: [] }
const sent = () => replayed(beginReplay(someLetter(), now), { replayEventId: 'e2', now })

test('only a pending letter can be taken for replay, and one that got stuck is free after a minute', () => {
  const taken = beginReplay(someLetter(), now)
  assert.throws(() => beginReplay(taken, new Date(now.getTime() + 59_999)), { code: 'conflict' })
  assert.equal(beginReplay(taken, new Date(now.getTime() + 60_000)).status, 'replaying')
  assert.throws(() => beginReplay(resolve(someLetter(), { by: 'ann', now }), now), { code: 'conflict' })
})

test('a failure that is delivered twice without a replay counts nothing', () => {
  const letter = someLetter()
  assert.equal(failedAgain(letter, { failure, now }), letter)
})

test('replays that fail again count, and the last one poisons', () => {
  let letter = sent()
  for (const expected of ['pending', 'pending', 'poisoned']) {
    letter = failedAgain(letter, { failure, now })
    assert.equal(letter.status, expected)
    if (expected === 'pending') letter = replayed(beginReplay(letter, now), { replayEventId: 'e', now })
  }
  assert.equal(letter.retryCount, 3)
  assert.deepEqual([reset(letter, now).status, reset(letter, now).retryCount], ['pending', 0])
})

test('a replay that could not be sent leaves the letter waiting', () => {
  assert.equal(replayFailed(beginReplay(someLetter(), now), now).status, 'pending')
})

test('a letter is resolved once', () => {
  const resolved = resolve(sent(), { by: 'ann', now })
  assert.deepEqual([resolved.status, resolved.resolvedBy], ['resolved', 'ann'])
  assert.throws(() => resolve(resolved, { by: 'bob', now }), /already resolved/)
})

test('credentials are not kept', () => {
  const kept = withoutCredentials({ Cookie: ['a'], AUTHORIZATION: ['b'], 'x-api-key': ['c'], Accept: ['d'] })
  assert.deepEqual(kept, { Accept: ['d'] })
})

test('the payload hash is the reference’s', () => {
  const hash = payloadHash(someLetter({ payload: Buffer.from('{"a":1}') }))
  assert.equal(hash, '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862')
})
