export { type Embedded, startEmbedded } from './embedded/start.ts'
export { applyMigrations, createDatabase, type Migration, migrate } from './migrate.ts'
export { connect, createPool, type Pool, type PoolClient, query, transaction } from './pool.ts'
export { pingCheck, waitForDatabase } from './wait.ts'
