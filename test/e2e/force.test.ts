import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import { isAlive, runUp } from './command.ts'
import { freeOffset } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookinfo-force-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a second Ctrl-C ends everything at once, and --fresh begins anew even beside what a killed run left behind', async () => {
  const dataDir = join(folder, 'forced')
  const offset = await freeOffset()
  const first = runUp(dataDir, offset, { args: ['--processes', '--without', 'ingestion,reviews,notification'] })
  await first.ready()
  const all = Object.values(first.pids())
  first.child.kill('SIGINT')
  await waitFor('the first to be heard', () => first.output().includes('stopping'))
  first.child.kill('SIGINT')
  assert.equal(await first.ended, 130)
  await waitFor('all to end', () => !all.some(isAlive))

  const second = runUp(dataDir, offset, { args: ['--without', 'ingestion,reviews,notification'] })
  await second.ready()
  const token = second.token()
  second.child.kill('SIGKILL')
  await second.ended
  const third = runUp(dataDir, offset, { args: ['--fresh', '--without', 'ingestion,reviews,notification'] })
  await third.ready()
  assert.notEqual(third.token(), token)
  third.child.kill('SIGINT')
  assert.equal(await third.ended, 0)
  assert.match(third.output(), /deliveries 0 = .*: balanced/)
})
