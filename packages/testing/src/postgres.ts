import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, createPool, type Embedded, type Pool, startEmbedded } from '@bookinfo/database'
import { atEnd } from './at-end.ts'

export type TestDatabase = { url: string; pool: Pool }

/** A real PostgreSQL of its own, for tests that stop or kill it; `remove` ends it and deletes its data. */
export const startTestPostgres = async (): Promise<Embedded & { remove(): Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'bookinfo-test-'))
  const server = await startEmbedded({ dataDir: join(folder, 'pg'), durable: false, endsWithParent: true })
  const remove = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...server, remove }
}

const startShared = async () => {
  const server = await startTestPostgres()
  atEnd(server.remove)
  return server
}

let shared: ReturnType<typeof startTestPostgres> | undefined

/** An empty database on a server that all tests of this process share; gone when the process ends. */
export const testDatabase = async (): Promise<TestDatabase> => {
  shared ??= startShared()
  const server = await shared
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = createPool({ url: server.url('postgres'), max: 1, applicationName: 'test-admin' })
  await createDatabase(admin, name)
  await admin.end()
  const url = server.url(name)
  const pool = createPool({ url, max: 10, applicationName: 'test' })
  atEnd(() => pool.end())
  return { url, pool }
}
