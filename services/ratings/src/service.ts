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
import { createMemoryRatings } from './adapters/memory.ts'
import { createPostgresRatings } from './adapters/postgres.ts'
import { listRatings } from './app/list-ratings.ts'
import { submitRating } from './app/submit-rating.ts'
import type { RatingsConfig } from './config.ts'
import { ratings as definition } from './contract.ts'
import { createRatingsTelemetry } from './telemetry.ts'

/** Puts the ratings service together. */
export const createRatings = async (config: RatingsConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date(), newId = randomUUID } = overrides
  const kit = await createKit(config.service, overrides)
  const publisher = overrides.publisher ?? (await openPublisher(kit, config.events))
  const storage = await openStorage(kit, {
    storage: config.storage,
    migrations: new URL('../migrations/', import.meta.url),
    publisher,
  })
  const ratings = createStore(storage, newId)
  const telemetry = createRatingsTelemetry(kit)
  return createService({
    kit,
    definition,
    handlers: createHandlers({
      submit: submitRating({ ratings, telemetry, now, newId }),
      list: listRatings({ ratings }),
    }),
    onListening: () => storage.outbox.wake(),
    resources: storage.resources,
  })
}

const createStore = (storage: Storage, newEventId: () => string) =>
  storage.kind === 'postgres'
    ? createPostgresRatings({ ...storage, newEventId })
    : createMemoryRatings({ ...storage, newEventId })
