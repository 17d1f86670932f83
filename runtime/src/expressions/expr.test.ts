import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@bookinfo/errors'
import fc from 'fast-check'
import { toGoJson, type Value } from '../values/go-json.ts'
import { parseValue } from '../values/json-value.ts'
import { compileExpr } from './expr.ts'
import { queryJsonPath } from './json-path.ts'

const environment = parseValue(
  '{"n":1,"s":"hé","empty":null,"yes":true,"list":[3,1,2],"people":[{"name":"ann","age":31},{"name":"bob","age":25}]}',
) as Map<string, Value>

const evaluate = (text: string): Value => compileExpr(text).evaluate(environment)
const refused = (text: string) => assert.throws(() => evaluate(text), { code: 'invalid' }, text)
const answers = (table: Record<string, string>) => {
  for (const [text, json] of Object.entries(table)) assert.equal(toGoJson(evaluate(text)), json, text)
}

test('numbers of JSON are floats, those of the expression integers, and they mix', () => {
  answers({ 'n == 1': 'true', '7 / 2': '3.5', '7 % 3': '1', '1 + n': '2', '2 ** 3 ** 2': '512', '-2 ** 2': '-4' })
  answers({ '9223372036854775807 + 1': '-9223372036854775808', 'int(1e20)': '-9223372036854775808' })
  for (const text of ['n % 2', '7 % 0', '1 + "a"', '"a" < 1', '-s', '99999999999999999999']) refused(text)
})

test('what is not there is nil, but nil has no members unless ?. asks', () => {
  answers({ missing: 'null', 'missing == nil': 'true', 'missing?.a.b': 'null', 'empty ?? "x"': '"x"' })
  answers({ 'people[-1].name': '"bob"', 'list[1:]': '[1,2]', 'list[9:]': '[]', 's[0]': '104', '$env.n': '1' })
  for (const text of ['missing.a', 'list[3]', 'n.x', 'people.name']) refused(text)
})

test('conditions need true or false, and read no further than they must', () => {
  answers({ 'yes or missing.a': 'true', 'not yes and missing.a': 'false', 'yes ? 1 : missing.a': '1' })
  for (const text of ['n and true', 'n ? 1 : 2', 'not n']) refused(text)
})

test('predicates look at each element of a list', () => {
  answers({ 'any(people, {.age > 30})': 'true', 'all(people, .age > 30)': 'false', 'none(list, # > 3)': 'true' })
  answers({ 'filter(list, # > 1)': '[3,2]', 'map(people, .name)': '["ann","bob"]', 'count(list, # > 1)': '2' })
  answers({ 'find(people, .age < 30).name': '"bob"', 'findIndex(list, # == 2)': '2', 'one(list, # == 1)': 'true' })
  answers({ 'reduce(list, #acc + #)': '6', 'map(list, #index)': '[0,1,2]', 'list | filter(# > 1) | len()': '2' })
  for (const text of ['any(list, #)', 'any(n, true)', '#', '.name', 'reduce([], #acc)']) refused(text)
})

test('functions of texts, numbers and lists answer as in Go', () => {
  answers({ 'len(s)': '3', 'upper(s)': '"HÉ"', 'trim("xax", "x")': '"a"', 'split("a,b,c", ",", 2)': '["a","b,c"]' })
  answers({ 'replace("aaa", "a", "b", 2)': '"bba"', 'indexOf(s, "z")': '-1', 'join(["a", "b"], "-")': '"a-b"' })
  answers({
    'string(1e6)': '"1e+06"',
    'int("12")': '12',
    'float("1.5")': '1.5',
    'type(n)': '"float"',
    'round(-2.5)': '-3',
  })
  answers({ 'sort(list)': '[1,2,3]', 'sum(list)': '6', 'median(list)': '2', 'max(1, 2.5)': '2.5', 'first([])': 'null' })
  answers({ 'fromJSON("[1]")': '[1]', 'fromBase64(toBase64("hi"))': '"hi"', 'keys({"b": 1, "a": 2})': '["a","b"]' })
  for (const text of ['len(n)', 'upper(n)', 'int("x")', 'int(yes)', 'sort([1, "a"])', 'repeat("ab", 1000000)'])
    refused(text)
})

test('a not in front of an operator that binds more loosely than what is before it is forgotten, as in expr-lang', () => {
  answers({ 'n not in list': 'false', '1 + 2 not in [3]': 'true' })
})

test('an expression that is not finished, and a function that does not exist, are refused when it is compiled', () => {
  for (const text of [
    '',
    '1 +',
    '(1',
    '[1 2]',
    'f(',
    'let v = 1',
    '"open',
    '0x',
    '1a',
    'now()',
    'nope(1)',
    'len',
    'a ?? b + 1',
  ])
    assert.throws(() => compileExpr(text), { code: 'invalid' }, text)
})

test('work without end is stopped', () => {
  refused('len(map(1..1000, map(1..1000, # * 2)))')
  refused('1..1000001')
  refused(`${'('.repeat(1_000)}1${')'.repeat(1_000)}`)
})

test('a plain JSON path names one thing, any other one a list', () => {
  const value = parseValue('{"a":{"b c":[1,2,3]},"list":[{"n":1},{"n":2}]}')
  const found = (path: string) => toGoJson(queryJsonPath(path, value))
  assert.deepEqual(
    ['$.a["b c"][-1]', '$.list[*].n', '$..n', "$.a['b c'][0,2]", '$.a.*[::2]', '$.list[:1].n'].map(found),
    ['3', '[1,2]', '[1,2]', '[1,3]', '[1,3]', '[1]'],
  )
  for (const path of ['$.none', '$.list[2]', 'list', '$.list[?(@.n>1)]', '$.'])
    assert.throws(() => queryJsonPath(path, value), { code: 'invalid' }, path)
})

const pieces = [
  'n',
  's',
  'list',
  'people',
  'empty',
  'yes',
  '1',
  '2.5',
  '"x"',
  'nil',
  '(',
  ')',
  '[',
  ']',
  ',',
  '.',
  '#',
  '?.',
]
const words = [
  'not',
  '!',
  '-',
  '+',
  '*',
  '/',
  '%',
  '**',
  '==',
  '<',
  'in',
  'and',
  '||',
  '??',
  '..',
  '|',
  '?',
  ':',
  'matches',
  'len(',
  'any(',
]

test('whatever is written gives a value or says that it is invalid', () => {
  const expression = fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 12 }).map((all) => all.join(' '))
  fc.assert(
    fc.property(expression, (text) => {
      try {
        evaluate(text)
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'invalid', String(error))
      }
    }),
  )
})
