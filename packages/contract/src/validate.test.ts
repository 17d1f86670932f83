import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { Text } from './schemas.ts'
import { validator } from './validate.ts'

const rating = validator(
  Type.Object({
    product_id: Text('product ID', 20),
    stars: Type.Integer({ title: 'stars', minimum: 1, maximum: 5 }),
    note: Type.Optional(Text('note', 5)),
  }),
)
const fine = { product_id: 'p1', stars: 3 }

test('what fits has no problems, also with fields that nobody asked for', () => {
  assert.deepEqual(rating.problems({ ...fine, extra: true }), [])
  assert.equal(rating.check(fine), true)
})

test('problems name fields as people do and say what is needed', () => {
  const problems: [unknown, string[]][] = [
    [{}, ['product ID is required', 'stars is required']],
    [{ ...fine, stars: 9 }, ['stars must be between 1 and 5, got 9']],
    [{ ...fine, stars: '3' }, ['stars must be an integer']],
    [{ ...fine, stars: 2.5 }, ['stars must be an integer']],
    [{ ...fine, stars: null }, ['stars is required']],
    [{ ...fine, product_id: '   ' }, ['product ID is required']],
    [{ ...fine, note: 'too long' }, ['note must have at most 5 characters']],
    [[], ['body must be an object']],
    [null, ['body is required']],
  ]
  for (const [value, expected] of problems) assert.deepEqual(rating.problems(value), expected)
})

test('text that cannot be stored everywhere is refused at the door', () => {
  for (const text of ['a\0b', 'a\ud800b']) {
    assert.deepEqual(rating.problems({ ...fine, product_id: text }), [
      'product ID holds a character that cannot be stored',
    ])
  }
  assert.deepEqual(rating.problems({ ...fine, product_id: '😀 日本' }), [])
})

test('the number of problems is bounded', () => {
  const wide = validator(
    Type.Object(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, Type.String()]))),
  )
  assert.equal(wide.problems({}).length, 20)
})
