import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestSystem, type TestSystem } from '../e2e/start.ts'
import { runLoad } from './run.ts'

describe('dead letters and their replay', () => {
  let system: TestSystem
  before(async () => {
    system = await startTestSystem()
  })
  after(() => system.remove())

  const run = (tokenFile: string) => {
    const { gateway, operator, services } = system.addresses
    const places = ['--gateway', gateway, '--operator', operator, '--dlqueue', services.dlqueue as string]
    return runLoad(['dead-letters', ...places, '--token-file', tokenFile])
  }

  test('ratings of a stopped service wait as letters and are stored once when they are replayed', async () => {
    const { code, output } = await run(join(system.dataDir, 'operator-token'))
    assert.equal(code, 0, output)
    assert.match(output, /✔ every rating became a pending dead letter: 1 of 1/)
    assert.match(output, /✔ it names the trigger rating-submitted: 3 of 3/)
    assert.match(output, /✔ every rating is stored, once: 1 of 1/)
    assert.match(output, /✔ the letters are resolved: 1 of 1/)
  })

  test('without the token nothing is stopped', async () => {
    const { code, output } = await run(join(system.dataDir, 'none'))
    assert.equal(code, 1)
    assert.match(output, /^the stop of ratings was answered with 401/)
    const { items } = await system.operator<{ items: { name: string; state: string }[] }>(
      `${system.addresses.operator}/api/services`,
    )
    assert.equal(items.find(({ name }) => name === 'ratings')?.state, 'running')
  })
})
