import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileLua } from './lua.ts'

const run = (text: string, data: Record<string, unknown> = {}) => compileLua(text)(data)
const refused = (text: string, message?: RegExp) =>
  assert.throws(() => run(text), { code: 'invalid', ...(message && { message }) }, text)

test('a script sees the event without its nulls and without lists inside lists', () => {
  const event = { n: 1.5, s: 'é', nothing: null, list: [1, null, [2], { k: 'v' }], object: { yes: true } }
  assert.deepEqual(run('return event', event), { n: 1.5, s: 'é', list: [1, { k: 'v' }], object: { yes: true } })
})

test('numbers are those of Lua 5.1: floats that print without a fraction when they are whole', () => {
  assert.equal(
    run('return tostring(1.0) .. "|" .. 10 / 2 .. "|" .. 1e15 .. "|" .. 0.1 + 0.2'),
    '1|5|1000000000000000|0.30000000000000004',
  )
  assert.equal(run('return 2147483647 + 1'), 2_147_483_648)
  assert.equal(run("return string.format('%05.2f|%d|%s', 3.14159, 42, 1.0)"), '03.14|42|1')
})

test('a table with an index is a list as long as its largest one, an empty one is an object unless it is marked', () => {
  assert.deepEqual(run('return { [1] = "a", [3] = "c", lost = true }'), ['a', null, 'c'])
  assert.deepEqual(run('return {}'), {})
  assert.deepEqual(run('return setmetatable({}, { __is_array = true })'), [])
  assert.deepEqual(run("return { ['1'] = 'a', [true] = 'b', [0.5] = 'c' }"), { 1: 'a', true: 'b', 0.5: 'c' })
})

test('the last of several values is the one that counts', () => {
  assert.equal(run('return true, false'), false)
  assert.equal(run('return'), null)
})

test('globals of one run are gone in the next', () => {
  const script = compileLua('count = (count or 0) + 1 return count')
  assert.equal(script({}), 1)
  assert.equal(script({}), 1)
})

test('a script reaches no files, no network, no environment and no other code', () => {
  for (const text of [
    'io.open("/etc/passwd")',
    'os.getenv("HOME")',
    'os.execute("ls")',
    'require("fs")',
    'dofile("x")',
    'os.exit()',
  ])
    refused(text, /not available to scripts/)
  assert.equal(
    run('return load == nil and debug.sethook == nil and package == nil and js == nil and fengari == nil'),
    true,
  )
})

test('a script that does not end is ended, even when it catches errors', () => {
  refused('while true do end', /more than \d+ steps/)
  refused('while true do pcall(function() while true do end end) end', /steps|too long/)
  refused('return coroutine.wrap(function() while true do end end)()', /steps/)
  refused("return string.find(string.rep('a', 40), string.rep('a*', 40) .. 'b')", /too long/)
})

test('a script that takes too much memory is ended', () => {
  refused("return string.rep('x', 1e9)", /bytes/)
  refused('local t = {} t.t = t return t', /inside each other/)
  refused('return { [1e9] = 1 }', /more than/)
  refused('local t = {} for i = 1, 50 do t = { t, t } end return t', /more than/)
})

test('a mistake is found before the first event comes', () => {
  assert.throws(() => compileLua('x = = 1'), { code: 'invalid' })
  refused("error('x')", /x/)
  refused('return print')
})

test('a script works on after an event that it failed for', () => {
  const script = compileLua('return event.list[1].name')
  assert.throws(() => script({}), { code: 'invalid' })
  assert.equal(script({ list: [{ name: 'ann' }] }), 'ann')
})
