import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriedCases, readCases } from './cases.ts'
import { runCases } from './run.ts'

const groups = [...new Set(readCases(carriedCases).map(({ group }) => group))]

for (const group of groups) {
  test(`the runtime answers every ${group} case as the real Argo Events does`, async () => {
    const cases = readCases(carriedCases).filter((one) => one.group === group)
    const { failures } = await runCases(cases)
    assert.deepEqual(failures, [])
  })
}
