import { AppError } from '@bookinfo/errors'
import pg from 'pg'

export type Pool = pg.Pool
export type PoolClient = pg.PoolClient
type Row = pg.QueryResultRow

const connectTimeoutMs = 5_000
const statementTimeoutMs = 15_000
const idleTimeoutMs = 60_000

/**
 * Opens a pool on a PostgreSQL database; connections are made when they are needed. `postgres://user@/name?host=/socket/dir` reaches a
 * Unix socket.
 */
export const createPool = (options: { url: string; max: number; applicationName: string }): Pool => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    statement_timeout: statementTimeoutMs,
  })
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // The same holds for one that breaks while somebody has it; their query tells them.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Runs one named, prepared statement. A database that cannot be reached is `unavailable`; its own errors pass as they are. */
export const query = async <R extends Row = Row>(
  executor: Pool | PoolClient,
  name: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult<R>> => {
  try {
    return await executor.query<R>({ name, text, values: values as unknown[] })
  } catch (cause) {
    throw asUnavailable(cause)
  }
}

/** Runs the work in one transaction: commits when it resolves, rolls back when it rejects. */
export const transaction = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await connect(pool)
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (cause) {
    await client.query('ROLLBACK').catch((error: Error) => {
      broken = error
    })
    throw asUnavailable(cause)
  } finally {
    client.release(broken)
  }
}

/** Takes a connection out of the pool; the caller releases it. */
export const connect = async (pool: Pool): Promise<PoolClient> => {
  try {
    return await pool.connect()
  } catch (cause) {
    throw asUnavailable(cause)
  }
}

// Class 08 is a broken connection, 57P0x a server that stops or starts, 53300 too many clients (PostgreSQL, appendix A).
const unavailableCodes =
  /^(08|57P0|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|57014|53100|25006)/
const unavailableMessages = /terminated|timeout|timed out|connection|not queryable/i

const asUnavailable = (cause: unknown): unknown => {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause
  const code = (cause as { code?: string }).code
  const isAway = code === undefined ? unavailableMessages.test(cause.message) : unavailableCodes.test(code)
  if (!isAway) return cause
  return new AppError('unavailable', 'the database is not available', { cause, headers: { 'retry-after': '1' } })
}
