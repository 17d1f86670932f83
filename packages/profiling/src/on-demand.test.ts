import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { cpuProfile, heapProfile } from './on-demand.ts'

test('a CPU profile is a gzipped file, and only one is recorded at a time', async () => {
  const recording = cpuProfile({ durationMs: 100 })
  await assert.rejects(cpuProfile({ durationMs: 100 }), { code: 'conflict' })
  assert.ok(gunzipSync(await recording).length > 0)
})

test('a heap profile is a gzipped file', async () => {
  assert.ok(gunzipSync(await heapProfile()).length > 0)
})
