import type { StorageConfig } from '@bookinfo/config'
import { applyMigrations, createPool, migrate, type Pool, pingCheck, waitForDatabase } from '@bookinfo/database'
import {
  createMemoryOutbox,
  createOutboxRelay,
  type MemoryOutbox,
  type OutboxRelay,
  outboxSchema,
  type Publisher,
} from '@bookinfo/eventlog'
import type { Kit } from './kit.ts'

const connectionsMax = 10
const startTimeoutMs = 60_000

type Closable = { close(): Promise<void> }

/** Where a service keeps its rows and the events it still has to publish. `resources` close in this order. */
export type Storage =
  | { kind: 'memory'; outbox: MemoryOutbox; resources: Closable[] }
  | { kind: 'postgres'; pool: Pool; outbox: OutboxRelay; resources: Closable[] }

/**
 * Opens a service's storage: waits for a database that is late, brings its schema up to date, adds the readiness check and starts the
 * relay from its outbox to the publisher.
 */
export const openStorage = async (
  kit: Kit,
  options: { storage: StorageConfig; migrations: URL; publisher: Publisher },
): Promise<Storage> => {
  const { storage, migrations, publisher } = options
  const { logger, health, config, metrics } = kit
  if (storage.kind === 'memory') {
    logger.info('using memory storage backend')
    const outbox = createMemoryOutbox({ publisher })
    return { kind: 'memory', outbox, resources: [outbox, publisher] }
  }
  const pool = createPool({ url: storage.url, max: connectionsMax, applicationName: config.name })
  await waitForDatabase(pool, {
    timeoutMs: startTimeoutMs,
    onWaiting: (reason) => logger.warn('waiting for the database', { reason }),
  })
  if (storage.runMigrations) {
    await applyMigrations(pool, outboxSchema, 'outbox_migrations')
    await migrate(pool, { folder: migrations })
    logger.info('database migrations applied')
  }
  logger.info('using postgres storage backend')
  health.addCheck('database', pingCheck(pool))
  const setAside = metrics.counter('outbox_set_aside_total', 'Events that can never be published and were set aside')
  const outbox = createOutboxRelay({
    pool,
    publisher,
    logger,
    onSetAside: (id, reason) => {
      setAside.inc()
      logger.error('outbox event set aside', { event_id: id, reason })
    },
  })
  const end = { close: async () => void (await pool.end()) }
  return { kind: 'postgres', pool, outbox, resources: [outbox, publisher, end] }
}
