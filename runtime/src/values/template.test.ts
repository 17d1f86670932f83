import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { toValue } from './json-value.ts'
import { renderTemplate, templateProblem } from './template.ts'

type Cases = { input: unknown; cases: { template: string; output?: string; error?: boolean }[] }

// Answers of Go's text/template with sprig 3.3.0.
const { input, cases } = JSON.parse(readFileSync(`${import.meta.dirname}/template-cases.json`, 'utf8')) as Cases

const render = (template: string, json = JSON.stringify(input)): string | undefined => {
  try {
    return renderTemplate(template, toValue(json))
  } catch {
    return undefined
  }
}

test('a template gives the text that Go gives, and fails where Go fails', () => {
  for (const { template, output } of cases) assert.equal(render(template), output, template)
})

test('times are rounded the way sprig rounds them', () => {
  assert.equal(
    render('{{ durationRound "2h10m5s" }} {{ durationRound "2400h" }} {{ durationRound "1s" }}'),
    '2h 3mo 0s',
  )
})

test('what is random has the shape asked for', () => {
  assert.match(render('{{ uuidv4 }} {{ randAlpha 4 }} {{ randNumeric 3 }}') ?? '', /^[\da-f-]{36} [A-Za-z]{4} \d{3}$/)
})

test('a template cannot read the environment or the network', () => {
  for (const name of ['env', 'expandenv', 'getHostByName'])
    assert.match(templateProblem(`{{ ${name} "HOME" }}`) ?? '', /not defined/)
})

test('a template that does too much is stopped', () => {
  assert.equal(render('{{ range 100000 }}{{ range 100000 }}x{{ end }}{{ end }}'), undefined)
  assert.equal(render('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}'), undefined)
  assert.equal(render('{{ repeat 1000000000 "x" }}'), undefined)
})
