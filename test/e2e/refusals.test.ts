import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isAlive, runUp } from './command.ts'
import { freeOffset } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookinfo-refused-'))
chmodSync(folder, 0o755)
after(() => rmSync(folder, { recursive: true, force: true }))

const nobody = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0

test('a port that is taken is named with its holder and what to do, and nothing is left behind', async () => {
  const offset = await freeOffset()
  const holder = createServer().listen(8083 + offset, '127.0.0.1')
  for (const args of [[], ['--processes']]) {
    const run = runUp(join(folder, 'taken'), offset, { args })
    assert.equal(await run.ended, 1)
    assert.match(run.output(), new RegExp(`port ${8083 + offset} is taken.*start with --port-offset N`))
    if (process.platform === 'linux') assert.match(run.output(), new RegExp(`by process ${process.pid} `))
    assert.ok(!run.output().includes('ready in'))
  }
  holder.close()
  const free = runUp(join(folder, 'taken'), offset, { args: ['--without', 'reviews'] })
  await free.ready()
  const all = Object.values(free.pids())
  free.child.kill('SIGINT')
  assert.equal(await free.ended, 0)
  assert.deepEqual(all.filter(isAlive), [])
})

test('what cannot be done is said in a sentence', async () => {
  const offset = await freeOffset()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const cases: [string, string[], RegExp][] = [
    [join(file, 'data'), [], /cannot write to .*--data DIR/],
    [join(folder, 'x'), ['--without', 'nothing'], /--without nothing: there is no such service; there are details/],
    [join(folder, 'x'), ['--books', 'many'], /--books must be a whole number/],
    [join(folder, 'x'), ['--storage', 'tape'], /--storage must be memory or postgres, got tape/],
    [join(folder, 'x'), ['--nonsense'], /Unknown option '--nonsense'/],
  ]
  for (const [dataDir, args, message] of cases) {
    const run = runUp(dataDir, offset, { args })
    assert.equal(await run.ended, 1)
    assert.match(run.output(), message)
    assert.ok(!run.output().includes('    at '), run.output())
  }
})

test('a folder that may only be read is refused, a new one and one with data', { skip: !isRoot }, async () => {
  const readOnly = join(folder, 'read-only')
  mkdirSync(join(readOnly, 'data', 'logs'), { recursive: true })
  for (const dataDir of [join(readOnly, 'new'), join(readOnly, 'data')]) {
    const run = runUp(dataDir, await freeOffset(), nobody)
    assert.equal(await run.ended, 1)
    assert.match(run.output(), new RegExp(`^cannot write to ${dataDir}: choose another folder with --data DIR$`, 'm'))
  }
})

test('another user of the machine can run it, in a folder of their own', { skip: !isRoot }, async () => {
  const home = join(folder, 'home')
  mkdirSync(home)
  chownSync(home, nobody.uid, nobody.gid)
  const offset = await freeOffset()
  const run = runUp(join(home, 'data'), offset, nobody)
  await run.ready()
  assert.equal((await fetch(`${run.gateway}/v1/details`)).status, 200)
  run.child.kill('SIGINT')
  assert.equal(await run.ended, 0)
})
