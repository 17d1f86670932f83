import { randomUUID } from 'node:crypto'
import {
  createKit,
  createService,
  type Overrides,
  openPublisher,
  openStorage,
  type Service,
  type Storage,
} from '@bookinfo/server'
import { createHandlers } from './adapters/http.ts'
import { createMemoryBooks } from './adapters/memory.ts'
import { createPostgresBooks } from './adapters/postgres.ts'
import { addBook } from './app/add-book.ts'
import { getBook } from './app/get-book.ts'
import { listBooks } from './app/list-books.ts'
import { recordRating } from './app/record-rating.ts'
import type { DetailsConfig } from './config.ts'
import { details as definition } from './contract.ts'
import { createDetailsTelemetry } from './telemetry.ts'

/** Puts the details service together. */
export const createDetails = async (config: DetailsConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date(), newId = randomUUID } = overrides
  const kit = await createKit(config.service, overrides)
  const publisher = overrides.publisher ?? (await openPublisher(kit, config.events))
  const storage = await openStorage(kit, {
    storage: config.storage,
    migrations: new URL('../migrations/', import.meta.url),
    publisher,
  })
  const books = createStore(storage, newId)
  const telemetry = createDetailsTelemetry(kit)
  return createService({
    kit,
    definition,
    handlers: createHandlers({
      add: addBook({ books, telemetry, now, newId }),
      get: getBook({ books }),
      list: listBooks({ books }),
      record: recordRating({ books, telemetry }),
    }),
    onListening: () => storage.outbox.wake(),
    resources: storage.resources,
  })
}

const createStore = (storage: Storage, newEventId: () => string) =>
  storage.kind === 'postgres'
    ? createPostgresBooks({ ...storage, newEventId })
    : createMemoryBooks({ ...storage, newEventId })
