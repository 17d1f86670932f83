import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '@bookinfo/testing'
import { startEmbedded } from './embedded/start.ts'
import { createPool, waitForDatabase } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookinfo-embedded-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const open = (url: string) => createPool({ url, max: 2, applicationName: 'embedded-test' })

test('data survives a stop, and a server that a killed run left behind is taken over', async () => {
  const dataDir = join(folder, 'kept', 'pg')
  const first = await startEmbedded({ dataDir, durable: false, endsWithParent: true })
  const pool = open(first.url('postgres'))
  await pool.query('CREATE TABLE kept (n INT)')
  await pool.query('INSERT INTO kept VALUES (1)')
  await pool.end()
  const second = await startEmbedded({ dataDir })
  assert.equal(second.reused, true)
  assert.equal(second.pid(), first.pid())
  await first.stop()
  const third = await startEmbedded({ dataDir, durable: false, endsWithParent: true })
  const again = open(third.url('postgres'))
  assert.deepEqual((await again.query('SELECT n FROM kept')).rows, [{ n: 1 }])
  await again.end()
  await third.stop()
})

test('a server that dies is started again with its data', async () => {
  const problems: string[] = []
  const dataDir = join(folder, 'restarted', 'pg')
  const server = await startEmbedded({ dataDir, endsWithParent: true, onProblem: (problem) => problems.push(problem) })
  const pool = open(server.url('postgres'))
  await pool.query('CREATE TABLE kept (n INT)')
  const killed = server.pid()
  process.kill(killed, 'SIGKILL')
  await waitFor('a new server', () => server.pid() !== killed)
  await waitForDatabase(pool, { timeoutMs: 10_000 })
  assert.deepEqual((await pool.query('SELECT n FROM kept')).rows, [])
  assert.match(problems[0] ?? '', /SIGKILL/)
  await pool.end()
  await server.stop()
})

test('a path that cannot be written to is a clear error', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  chmodSync(file, 0o400)
  await assert.rejects(startEmbedded({ dataDir: join(file, 'pg') }), /cannot write to .*--data/)
})

test('data of another version is a clear error', async () => {
  const dataDir = mkdtempSync(join(folder, 'old-'))
  writeFileSync(join(dataDir, 'PG_VERSION'), '12\n')
  await assert.rejects(startEmbedded({ dataDir }), /PostgreSQL 12.*--fresh/)
})

test('a very deep data folder still gets a socket that is short enough', async () => {
  const dataDir = join(folder, 'd'.repeat(100), 'pg')
  const server = await startEmbedded({ dataDir, durable: false, endsWithParent: true })
  const pool = open(server.url('postgres'))
  assert.equal((await pool.query('SELECT 1 AS one')).rows[0].one, 1)
  await pool.end()
  await server.stop()
})
