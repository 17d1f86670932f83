import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AppError } from '@bookinfo/errors'
import { get } from './gjson.ts'
import { quote, setRaw } from './sjson.ts'

type Row = { json: string; path: string } & (
  | { kind: string; raw?: string; text?: string }
  | { set: string; output?: string; error?: boolean }
)

// Answers of tidwall/gjson 1.18.0 and tidwall/sjson 1.2.5 to random documents and paths.
const rows = JSON.parse(readFileSync(`${import.meta.dirname}/cases.json`, 'utf8')) as Row[]

const setOrFail = (json: string, path: string, raw: string): string | undefined => {
  try {
    return setRaw(json, path, raw)
  } catch (error) {
    assert.ok(error instanceof AppError)
    return undefined
  }
}

test('a path finds what gjson finds, with the exact text', () => {
  for (const row of rows) {
    if (!('kind' in row)) continue
    const { kind, raw, text } = get(row.json, row.path)
    const wanted = { kind: row.kind, raw: row.raw ?? '', text: row.text ?? '' }
    assert.deepEqual({ kind, raw, text }, wanted, `${row.path} in ${row.json}`)
  }
})

test('setting a path gives the text that sjson gives, and fails where it fails', () => {
  for (const row of rows) {
    if ('set' in row) assert.equal(setOrFail(row.json, row.path, row.set), row.output, `${row.path} in ${row.json}`)
  }
})

test('a text that needs no escape is quoted as it is; any other goes through the rules of HTML', () => {
  assert.equal(quote('<a&b>'), '"<a&b>"')
  assert.equal(quote('<a\n>'), '"\\u003ca\\n\\u003e"')
})

test('a look-up behind a text, a number or nothing finds nothing', () => {
  for (const json of ['', '"text with {braces}"', '12', 'null', '   '])
    assert.equal(get(json, 'a.b').exists, false, json)
})
