import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import { freeOffset } from './start.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'bookinfo-start-'))
after(() => rmSync(folder, { recursive: true, force: true }))

type Run = {
  child: ChildProcess
  output: () => string
  ended: Promise<number | null>
  gateway: string
  operator: string
}

const start = (dataDir: string, offset: number, ...more: string[]): Run => {
  const args = ['up', '--data', dataDir, '--port-offset', String(offset), '--books', '0', ...more]
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'cli/src/main.ts'), ...args],
    { cwd: root },
  )
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    output: () => output,
    ended,
    gateway: `http://127.0.0.1:${8080 + offset}`,
    operator: `http://127.0.0.1:${8090 + offset}`,
  }
}

const ready = (run: Run) =>
  waitFor(`a start: ${run.output()}`, () => /^ready in \d+\.\d s$/m.test(run.output()), { limitMs: 40_000 })

const rate = (run: Run, n: number): Promise<number> =>
  fetch(`${run.gateway}/v1/ratings`, {
    method: 'POST',
    headers: { 'idempotency-key': `start-stop-${n}` },
    body: JSON.stringify({ product_id: 'start-stop', reviewer: `r${n}`, stars: (n % 5) + 1 }),
  }).then(
    ({ status }) => status,
    () => 0,
  )

const ledger = async (run: Run, dataDir: string) => {
  const token = readFileSync(join(dataDir, 'operator-token'), 'utf8').trim()
  const reply = await fetch(`${run.operator}/api/ledger`, { headers: { authorization: `Bearer ${token}` } })
  return (await reply.json()) as { in_flight: number; balanced: boolean }
}

/** After a stop of any kind: everything that was accepted is readable, once. */
const assertComplete = async (run: Run, dataDir: string, accepted: number): Promise<void> => {
  await waitFor('everything to end', async () => (await ledger(run, dataDir)).in_flight === 0, { limitMs: 40_000 })
  assert.equal((await ledger(run, dataDir)).balanced, true)
  const { count } = (await (await fetch(`${run.gateway}/v1/ratings/start-stop`)).json()) as { count: number }
  assert.ok(count >= accepted, `${count} ratings are readable, ${accepted} were accepted`)
  assert.ok(count <= sent, `${count} ratings are readable, ${sent} were sent`)
}

let sent = 0

const underLoad = async (run: Run, stop: (accepted: number) => void): Promise<number> => {
  let accepted = 0
  let isStopped = false
  const caller = async () => {
    while (!isStopped || accepted < 100) {
      const status = await rate(run, sent++)
      if (status === 200) accepted += 1
      if (status === 0) return
      if (accepted >= 100 && !isStopped) {
        isStopped = true
        stop(accepted)
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, caller))
  return accepted
}

test('whether it is told to stop or killed in the middle, nothing that was accepted is lost or applied twice', async () => {
  const dataDir = join(folder, 'data')
  const offset = await freeOffset()
  const first = start(dataDir, offset)
  await ready(first)
  assert.equal(statSync(join(dataDir, 'operator-token')).mode & 0o777, 0o600)
  let accepted = await underLoad(first, () => first.child.kill('SIGINT'))
  assert.equal(await first.ended, 0)
  assert.match(first.output(), /deliveries \d+ = applied .*: balanced/)

  const second = start(dataDir, offset)
  await ready(second)
  accepted += await underLoad(second, () => second.child.kill('SIGKILL'))
  await second.ended

  const third = start(dataDir, offset)
  await ready(third)
  assert.match(third.output(), /took over the database/)
  await assertComplete(third, dataDir, accepted)

  const twin = start(dataDir, await freeOffset())
  assert.equal(await twin.ended, 1)
  assert.match(twin.output(), /running already .*\(process \d+\)/)
  third.child.kill('SIGTERM')
  assert.equal(await third.ended, 0)
})

test('a port that is taken is named, and nothing is left behind', async () => {
  const offset = await freeOffset()
  const holder = createServer().listen(8083 + offset, '127.0.0.1')
  const run = start(join(folder, 'taken'), offset)
  assert.equal(await run.ended, 1)
  assert.match(run.output(), new RegExp(`port ${8083 + offset} is taken`))
  holder.close()
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
  for (const [dataDir, more, message] of cases) {
    const run = start(dataDir, offset, ...more)
    assert.equal(await run.ended, 1)
    assert.match(run.output(), message)
  }
})
