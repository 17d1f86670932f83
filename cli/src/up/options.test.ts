import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUpOptions } from './options.ts'

test('a bus that nobody here can talk to is refused with the ones there are', () => {
  assert.throws(() => parseUpOptions(['--bus', 'rabbit=localhost:5672']), {
    code: 'invalid',
    message: /there is no bus of kind rabbit; there are: /,
  })
})

test('a bus needs a kind and an address', () => {
  assert.throws(() => parseUpOptions(['--bus', 'kafka']), { code: 'invalid', message: /KIND=ADDRESS, got kafka/ })
  assert.equal(parseUpOptions([]).bus, undefined)
})
