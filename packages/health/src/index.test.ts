import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHealth } from './index.ts'

test('a process is ready when it has started and its checks agree, and not when it drains', async () => {
  const health = createHealth()
  assert.deepEqual(await health.readiness(), { isReady: false, failing: 'starting', reason: 'starting' })
  health.started()
  assert.deepEqual(await health.readiness(), { isReady: true })
  health.draining()
  assert.deepEqual(await health.readiness(), { isReady: false, failing: 'draining', reason: 'draining' })
})

test('a check that fails is named', async () => {
  const health = createHealth()
  health.started()
  health.addCheck('database', async () => {
    throw new Error('connection refused')
  })
  assert.deepEqual(await health.readiness(), { isReady: false, failing: 'database', reason: 'connection refused' })
})

test('a check that never answers is a failure after three seconds', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const health = createHealth()
  health.started()
  health.addCheck('stuck', () => new Promise(() => {}))
  const readiness = health.readiness()
  context.mock.timers.tick(3_000)
  assert.deepEqual(await readiness, { isReady: false, failing: 'stuck', reason: 'no answer within 3000 ms' })
})
