import { randomUUID } from 'node:crypto'
import {
  createHttpClient,
  createKit,
  createService,
  type Overrides,
  openPublisher,
  openStorage,
  type Service,
  type Storage,
} from '@bookinfo/server'
import { createHandlers } from './adapters/http.ts'
import { createMemoryReviews } from './adapters/memory.ts'
import { createPostgresReviews } from './adapters/postgres.ts'
import { createRatingsClient } from './adapters/ratings-client.ts'
import { deleteReview } from './app/delete-review.ts'
import { listReviews } from './app/list-reviews.ts'
import { submitReview } from './app/submit-review.ts'
import type { ReviewsConfig } from './config.ts'
import { reviews as definition } from './contract.ts'
import { createReviewsTelemetry } from './telemetry.ts'

const ratingsTimeoutMs = 5_000

/** Puts the reviews service together. */
export const createReviews = async (config: ReviewsConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date(), newId = randomUUID } = overrides
  const kit = await createKit(config.service, overrides)
  const http = createHttpClient({
    name: 'ratings',
    baseUrl: config.ratingsUrl,
    timeoutMs: ratingsTimeoutMs,
    tracer: kit.tracer,
  })
  const publisher = overrides.publisher ?? (await openPublisher(kit, config.events))
  const storage = await openStorage(kit, {
    storage: config.storage,
    migrations: new URL('../migrations/', import.meta.url),
    publisher,
  })
  const reviews = createStore(storage, newId)
  const ratings = createRatingsClient({ http })
  const telemetry = createReviewsTelemetry(kit)
  return createService({
    kit,
    definition,
    handlers: createHandlers({
      submit: submitReview({ reviews, telemetry, now, newId }),
      remove: deleteReview({ reviews, telemetry, now }),
      list: listReviews({ reviews, ratings, telemetry }),
    }),
    onListening: () => storage.outbox.wake(),
    resources: [http, ...storage.resources],
  })
}

const createStore = (storage: Storage, newEventId: () => string) =>
  storage.kind === 'postgres'
    ? createPostgresReviews({ ...storage, newEventId })
    : createMemoryReviews({ ...storage, newEventId })
