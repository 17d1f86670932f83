import assert from 'node:assert/strict'
import { test } from 'node:test'
import { childOf, formatTraceparent, parseTraceparent } from './trace-context.ts'

const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a context that is well formed is read and written as it was', () => {
  const context = parseTraceparent(header)
  assert.deepEqual(context, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: '01',
  })
  assert.equal(formatTraceparent(context as NonNullable<typeof context>), header)
})

test('a context that is not well formed is none', () => {
  const wrong = [
    undefined,
    '',
    'x',
    header.replace('00-', 'ff-'),
    header.replace(/0af.*c-/, `${'0'.repeat(32)}-`),
    header.toUpperCase(),
  ]
  for (const one of wrong) assert.equal(parseTraceparent(one), undefined)
})

test('a child stays in its parent’s trace under a span of its own', () => {
  const parent = parseTraceparent(header)
  const spans = Array.from({ length: 1_000 }, () => childOf(parent))
  assert.ok(spans.every(({ traceId }) => traceId === parent?.traceId))
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, 1_000)
  assert.match(formatTraceparent(childOf(undefined)), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})
