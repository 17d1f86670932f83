import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@bookinfo/errors'
import fc from 'fast-check'
import { toGoJson } from '../values/go-json.ts'
import { compileJq } from './jq.ts'
import { toOutput } from './output.ts'

const data = {
  a: 1,
  b: [3, 1, 2],
  s: 'foo bar foo',
  o: { x: 1, y: { z: 2 } },
  arr: [
    { n: 'a', v: 1 },
    { n: 'b', v: 2 },
    { n: 'a', v: 3 },
  ],
}
const run = (program: string): string => toGoJson(toOutput(compileJq(program)(data)))

const programs: Record<string, string> = {
  '.a': '1',
  '.b | sort': '[1,2,3]',
  '[.b[] | . + 1]': '[4,2,3]',
  '.o.y.z, 1': '2',
  '[.arr[] | select(.n == "a") | .v]': '[1,3]',
  '.arr | group_by(.n) | map(length)': '[2,1]',
  '[.arr[] | .n, .v]': '["a",1,"b",2,"a",3]',
  '.s | gsub("foo"; "x")': '"x bar x"',
  '.s | sub("(?<f>o+)"; "[\\(.f)]")': '"f[oo] bar foo"',
  '[.s | match("o"; "g").offset]': '[1,2,9,10]',
  '[.s | scan("o+")]': '["oo","oo"]',
  '.b as [$x, $y] | . as {o: {x: $z}} | $x + $y + $z': '5',
  'reduce .b[] as $x (0; . + $x)': '6',
  '[foreach .b[] as $x (0; . + $x)]': '[3,4,6]',
  '[range(0; 10; 3)]': '[0,3,6,9]',
  'label $out | foreach .b[] as $x (0; . + $x; if . > 3 then ., break $out else empty end)': '4',
  'def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; 5 | fac': '120',
  'def f($x; g): $x + g; f(1; 2)': '3',
  'try error("x") catch .': '"x"',
  '[.a.b?]': '[]',
  '.missing // "other"': '"other"',
  '.o | with_entries(.value |= tostring)': '{"x":"1","y":"{\\"z\\":2}"}',
  '.o | walk(if type == "number" then . + 1 else . end)': '{"x":2,"y":{"z":3}}',
  '.b |= map(select(. > 1)) | .b': '[3,2]',
  '.b[1] += 10 | .b[-2:]': '[11,2]',
  'del(.b[0, 1]) | .b': '[2]',
  '[paths] | length': '20',
  '"\\(.a)-\\(.s)"': '"1-foo bar foo"',
  '@base64 "x\\(.s)"': '"xZm9vIGJhciBmb28="',
  '.b | @csv': '"3,1,2"',
  '[[1, 2], [3]] | [combinations]': '[[1,3],[2,3]]',
  '"2015-03-05T23:51:47Z" | fromdate | todate': '"2015-03-05T23:51:47Z"',
  '10000000000000000000000 + 1': '10000000000000000000001',
  '{(.arr[].n): 1}': '{"a":1}',
  '{a: 1} * {a: {b: 2}}': '{"a":{"b":2}}',
  '$ENV, env': '{}',
  '0 | [recurse(if . < 5000 then . + 1 else empty end)] | length': '5001',
  '"__proto__" as $k | {($k): 1} | keys': '["__proto__"]',
}

test('programs give what jq gives', () => {
  for (const [program, wanted] of Object.entries(programs)) assert.equal(run(program), wanted, program)
})

test('mistakes in programs are found before the first event comes', () => {
  for (const program of [
    'syntax{',
    '.a |',
    '$x',
    'nope',
    'f(1)',
    '@nope',
    'break $x',
    '"open',
    '{',
    'reduce . as $x',
    '1 == 1 == 1',
  ])
    assert.throws(() => compileJq(program), { code: 'invalid' }, program)
})

test('a program that fails says so', () => {
  for (const program of [
    'empty',
    'error("x")',
    '.a.b',
    '.s - 1',
    '.a[0]',
    '{(.a): 1}',
    'input',
    '1 / 0',
    '[1] | implode | error',
  ])
    assert.throws(() => run(program), { code: 'invalid' }, program)
})

test('a program that does not end, or grows without bounds, is ended', () => {
  for (const program of [
    'def f: f; f',
    'last(repeat(.))',
    'try last(range(1e9)) catch 1',
    'reduce range(60) as $i ("x"; . + .)',
    'reduce range(60) as $i ([1]; . + .)',
    'reduce range(50) as $i (1; [., .])',
    'reduce range(50) as $i (1; [., .]) | . == .',
    '"x" * 1e9',
    '.[1e9] = 1',
  ])
    assert.throws(() => run(`${program}`), { code: 'invalid' }, program)
})

const pieces =
  '. .a .b .b[] .o .s .[] .. | , + - * / % == < // |= += = ( ) [ ] { } 1 "x" null map( select( length keys add $x as reduce if then else end try ? : ;'.split(
    ' ',
  )

test('whatever is written gives a value or says that it is invalid', () => {
  const program = fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((all) => all.join(' '))
  fc.assert(
    fc.property(fc.oneof(program, fc.string({ maxLength: 20 })), (text) => {
      try {
        run(text)
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'invalid', `${text}: ${error}`)
      }
    }),
    { numRuns: 3_000 },
  )
})
