import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { html, raw, render } from './index.ts'

test('whatever text enters a template, it cannot leave its element or attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const page = render(html`<p title="${text}">${text}</p>`)
      assert.equal((page.match(/</g) ?? []).length, 2)
      assert.equal((page.match(/"/g) ?? []).length, 2)
    }),
    { numRuns: 1_000 },
  )
})

test('HTML inside HTML is not escaped again, lists are joined, and nothing is shown for nothing', () => {
  const items = ['a', 'b<'].map((item) => html`<li>${item}</li>`)
  assert.equal(render(html`<ul>${items}${null}${undefined}${false}${0}</ul>`), '<ul><li>a</li><li>b&lt;</li>0</ul>')
  assert.equal(render(raw('<b>')), '<b>')
})
