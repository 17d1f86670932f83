import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AppError } from '@bookinfo/errors'
import { type Pool, type PoolClient, transaction } from './pool.ts'

/** One numbered step of a schema. */
export type Migration = { name: string; sql: string }

const filePattern = /^\d{3}_\w+\.sql$/

/**
 * Brings a schema up to date: runs the numbered SQL files of the folder that were not run before, each in a transaction of its own and
 * under a lock, so that several processes may start together. A file that was edited after it ran is an error.
 */
export const migrate = async (pool: Pool, { folder, table }: { folder: URL; table?: string }): Promise<void> => {
  const names = (await readdir(fileURLToPath(folder))).filter((name) => filePattern.test(name)).sort()
  const files = names.map(async (name) => ({ name, sql: await readFile(new URL(name, folder), 'utf8') }))
  await applyMigrations(pool, await Promise.all(files), table)
}

/** The same for migrations that are not files of one folder. */
export const applyMigrations = async (
  pool: Pool,
  migrations: readonly Migration[],
  table = 'schema_migrations',
): Promise<void> => {
  for (const migration of migrations) await transaction(pool, (client) => apply(client, table, migration))
}

const apply = async (client: PoolClient, table: string, { name, sql }: Migration): Promise<void> => {
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`migrate:${table}`])
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${table} (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`,
  )
  const checksum = createHash('sha256').update(sql).digest('hex')
  const known = await client.query<{ checksum: string }>(`SELECT checksum FROM ${table} WHERE name = $1`, [name])
  const applied = known.rows[0]
  if (applied?.checksum === checksum) return
  if (applied) throw new AppError('conflict', `migration ${name} was changed after it ran; add a new file instead`)
  await client.query(sql)
  await client.query(`INSERT INTO ${table} (name, checksum) VALUES ($1, $2)`, [name, checksum])
}

/** Creates a database when there is none of this name. */
export const createDatabase = async (admin: Pool, name: string): Promise<void> => {
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
  if (found.rowCount) return
  try {
    await admin.query(`CREATE DATABASE "${name.replaceAll('"', '""')}"`)
  } catch (error) {
    const duplicate = ['42P04', '23505'].includes((error as { code?: string }).code ?? '')
    if (!duplicate) throw error
  }
}
