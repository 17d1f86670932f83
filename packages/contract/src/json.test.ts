import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseJson } from './json.ts'

const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`

test('JSON that is nested too deeply to be written again is refused, and brackets in texts are no nesting', () => {
  assert.ok(JSON.stringify(parseJson(nested(1_000))))
  assert.throws(() => parseJson(nested(1_002)), /nested deeper than 1000 levels/)
  for (const text of ['['.repeat(2_000), `${'\\"'.repeat(500)}${'{'.repeat(2_000)}`]) {
    assert.equal(typeof parseJson(`"${text}"`), 'string')
  }
  const wide = Array.from({ length: 2_000 }, () => [])
  assert.deepEqual(parseJson(JSON.stringify(wide)), wide)
})
