import assert from 'node:assert/strict'
import { test } from 'node:test'
import { naturalKey, resolveWriteKey } from './index.ts'

test('natural keys are those of the reference, byte for byte', () => {
  const vectors: [string[], string][] = [
    [[], 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [[''], 'ffe679bb831c95b67dc17819c63c5090d221aac6f4c7bf530f594ab43d21fa1e'],
    [['a', 'b'], '023b8059a924f728a2155e4cc8b907389b6468b5ffba4905e3588ebe872d62d2'],
    [['ab'], '5e01d001e5b83b04e2addbd1a1851de5dd5e5ac20490f3c4c893198a6b66985d'],
    [['a', '', 'b'], '33673b9f5b609f4b8719ebb8848b598cd0f9bb831e18eb892701c8349335325c'],
    [['café', '日本'], '29c409621b7eb36db2218dee65c4712da1547a05dadaea7d3e63633d4223f6c8'],
    [['product-1', 'alice', '5'], '17591447105ace874e1e87682b0d8ed382cc4103e6786d6dd03fdf95edee61f3'],
  ]
  for (const [fields, key] of vectors) assert.equal(naturalKey(fields), key)
})

const request = { headers: { 'idempotency-key': 'header', 'ce-id': 'event' }, fields: ['a', 1] }

test('the first key that exists counts, and an empty one counts as absent', () => {
  assert.equal(resolveWriteKey({ ...request, bodyKey: 'body' }).key, 'body')
  assert.equal(resolveWriteKey({ ...request, bodyKey: '' }).key, 'header')
  assert.equal(resolveWriteKey({ ...request, headers: { 'idempotency-key': '', 'ce-id': 'event' } }).key, 'event')
  const natural = resolveWriteKey({ ...request, headers: {} })
  assert.deepEqual([natural.key, natural.kind], [naturalKey(['a', 1]), 'natural'])
})

test('a key that is too long to be stored is refused', () => {
  assert.throws(() => resolveWriteKey({ ...request, bodyKey: 'x'.repeat(501) }), { code: 'invalid' })
})
