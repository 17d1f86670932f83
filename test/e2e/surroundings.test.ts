import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import { isAlive, type Run, runUp } from './command.ts'
import { freeOffset } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookinfo-surroundings-'))
chmodSync(folder, 0o755)
after(() => rmSync(folder, { recursive: true, force: true }))

const isRoot = process.getuid?.() === 0

const rate = ({ gateway }: Run, reviewer: string): Promise<number> =>
  fetch(`${gateway}/v1/ratings`, {
    method: 'POST',
    body: JSON.stringify({ product_id: 'surroundings', reviewer, stars: 4 }),
  }).then(({ status }) => status)

const countOf = async ({ gateway }: Run): Promise<number> =>
  ((await (await fetch(`${gateway}/v1/ratings/surroundings`)).json()) as { count: number }).count

const stop = async (run: Run): Promise<void> => {
  const all = Object.values(run.pids())
  run.child.kill('SIGINT')
  assert.equal(await run.ended, 0)
  assert.deepEqual(all.filter(isAlive), [])
}

test('root without unshare runs the database as nobody, and with it again as before', { skip: !isRoot }, async () => {
  // Every program but the one that makes user namespaces.
  const programs = join(folder, 'programs')
  mkdirSync(programs)
  const folders = (process.env.PATH ?? '').split(':').filter((path) => existsSync(path))
  for (const path of folders.toReversed()) {
    for (const name of readdirSync(path)) {
      rmSync(join(programs, name), { force: true })
      if (name !== 'unshare') symlinkSync(join(path, name), join(programs, name))
    }
  }
  const dataDir = join(folder, 'accounts')
  const offset = await freeOffset()
  const environments = [{ ...process.env, PATH: programs }, process.env, { ...process.env, PATH: programs }]
  for (const [index, env] of environments.entries()) {
    const run = runUp(dataDir, offset, { env, args: ['--without', 'productpage'] })
    await run.ready()
    const owner = statSync(`/proc/${run.pids().postgres}`).uid
    if (env.PATH === programs) assert.equal(owner, 65_534)
    assert.equal(await rate(run, `reader-${index}`), 200)
    await waitFor('all ratings', async () => (await countOf(run)) === index + 1)
    await stop(run)
  }
})
