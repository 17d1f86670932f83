import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import { isAlive, runUp, witnessOf } from './command.ts'
import { freeOffset } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookinfo-start-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Ctrl-C and `kill -9` under load, and the starts after them, in one arrangement of processes. */
export const describeStops = (name: string, { args, parts }: { args: string[]; parts: string[] }): void => {
  test(`${name}, told to stop or killed in the middle, nothing promised is lost or applied twice`, async () => {
    const dataDir = join(folder, name)
    const offset = await freeOffset()
    const witness = witnessOf(dataDir, offset)
    const promise = (more: number) => {
      const wanted = witness.promised() + more
      return waitFor('promises', () => witness.promised() >= wanted, { limitMs: 60_000 })
    }
    const first = runUp(dataDir, offset, { args })
    await first.ready()
    for (const file of ['operator-token', 'processes.json', 'lock'])
      assert.equal(statSync(join(dataDir, file)).mode & 0o777, 0o600)
    assert.deepEqual(Object.keys(first.pids()).sort(), parts)
    const load = witness.startLoad()
    await promise(50)
    first.child.kill('SIGINT')
    assert.equal(await first.ended, 0)
    assert.match(first.output(), /deliveries \d+ = applied .*: balanced/)
    assert.deepEqual(Object.values(first.pids()).filter(isAlive), [])

    const second = runUp(dataDir, offset, { args })
    await second.ready()
    await promise(50)
    const { bookinfo, postgres, details, ...rest } = second.pids()
    // One that hangs cannot end by itself, and keeps its port until the next start.
    if (details !== undefined) process.kill(details, 'SIGSTOP')
    process.kill(bookinfo as number, 'SIGKILL')
    await second.ended
    await waitFor('all others to end', () => !Object.values(rest).some(isAlive), { limitMs: 40_000 })

    const third = runUp(dataDir, offset, { args })
    await third.ready()
    assert.match(third.output(), /took over the database/)
    assert.equal(third.pids().postgres, postgres)
    await promise(50)
    await load.stop()
    await witness.assertComplete()

    const twin = runUp(dataDir, await freeOffset(), { args })
    assert.equal(await twin.ended, 1)
    assert.match(twin.output(), new RegExp(`running already with the data in .* \\(process ${third.child.pid}\\)`))
    const all = Object.values(third.pids())
    third.child.kill('SIGTERM')
    assert.equal(await third.ended, 0)
    assert.deepEqual(all.filter(isAlive), [])
  })
}
