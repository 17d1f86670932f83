import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriedCases, readCases } from './cases.ts'
import { runCases } from './run.ts'

const finished = ['payload', 'params', 'template', 'filter', 'transform', 'conditions', 'esfilter', 'webhook']

for (const group of finished) {
  test(`the runtime answers every ${group} case as the real Argo Events does`, async () => {
    const cases = readCases(carriedCases).filter((one) => one.group === group)
    assert.ok(cases.length > 0)
    const { failures } = await runCases(cases)
    assert.deepEqual(failures, [])
  })
}
