import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@bookinfo/errors'
import fc from 'fast-check'
import type { Value } from '../values/go-json.ts'
import { compileGovaluate } from './govaluate.ts'

const parameters = new Map<string, Value>([
  ['n', 1],
  ['s', 'dash'],
  ['day', '2021-05-05'],
  ['list', ['x', 2, null]],
  ['object', new Map([['a', 1]])],
  ['nothing', null],
  ['yes', true],
  ['my-name', 7],
])

const evaluate = (text: string): Value => compileGovaluate(text).evaluate(parameters)

const refused = (text: string) => assert.throws(() => evaluate(text), { code: 'invalid' }, text)

test('operators of one level group from the left, the power operator too', () => {
  assert.equal(evaluate('10 - 3 - 2'), 5)
  assert.equal(evaluate('2 ** 3 ** 2'), 64)
  assert.equal(evaluate('n * 2 ** 3 + 1'), 9)
  assert.equal(evaluate('-n ** 2'), 1)
})

test('|| and && leave their right side unread when the left one decides', () => {
  assert.equal(evaluate('yes || missing'), true)
  assert.equal(evaluate('!yes && missing'), false)
  refused('!yes || missing')
})

test('the conditional and ?? choose a side', () => {
  assert.equal(evaluate('n > 0 ? "more" : "less"'), 'more')
  assert.equal(evaluate('nothing ?? "other"'), 'other')
  refused('n ? 1 : 2')
})

test('a list on the right of in is searched', () => {
  assert.equal(evaluate('"x" in list'), true)
  assert.equal(evaluate('n in (3, 2, 1)'), true)
  refused('"x" in s')
})

test('a text that looks like a day becomes a time and equals no text', () => {
  assert.equal(evaluate('day == "2021-05-05"'), false)
  assert.equal(evaluate('"2021-05-06" > "2021-05-05"'), true)
  refused('day > "2020-01-01"')
})

test('texts are matched with the syntax of RE2, anywhere in them', () => {
  assert.equal(evaluate('s =~ "as"'), true)
  assert.equal(evaluate('s !~ "^as"'), true)
  refused('s =~ "a(?=s)"')
  refused('n =~ "1"')
})

test('operators that touch are one symbol, which does not exist', () => {
  refused('n ==-1')
  assert.equal(evaluate('n == -1'), false)
})

test('names may be written in brackets or with an escape', () => {
  assert.equal(evaluate('[my-name] + my\\-name'), 14)
  refused('null')
  refused('f(n)')
})

test('an expression that is not finished is refused', () => {
  for (const text of ['', 'n ==', '(n', 'n)', '"open', '[open', 'n n', '1.2.3', '0xzz', 'n.length', 'n.']) refused(text)
})

const pieces = [
  'n',
  's',
  'list',
  'object',
  'nothing',
  'yes',
  'missing',
  '1',
  '0.5',
  '"x"',
  '"2020-01-01"',
  "'('",
  '(',
  ')',
  ',',
  '!',
  '-',
  '~',
]
const symbols = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  '!~',
  'in',
  '&&',
  '||',
  '?',
  ':',
  '??',
]

test('whatever is written gives a value or says that it is invalid', () => {
  const expression = fc.array(fc.constantFrom(...pieces, ...symbols), { maxLength: 12 }).map((all) => all.join(' '))
  fc.assert(
    fc.property(fc.oneof(expression, fc.string({ maxLength: 30 })), (text) => {
      try {
        evaluate(text)
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'invalid', `${text}: ${error}`)
      }
    }),
    { numRuns: 5_000 },
  )
})
