import { randomUUID } from 'node:crypto'
import {
  createKit,
  createService,
  noPublisher,
  openPublisher,
  openStorage,
  type Overrides,
  type Service,
} from '@bookinfo/server'
import { createDeliveryStatus } from './adapters/delivery-status.ts'
import { createHandlers } from './adapters/http.ts'
import { createMemoryLetters } from './adapters/memory.ts'
import { createPostgresLetters } from './adapters/postgres.ts'
import { createReplayGateway } from './adapters/replay-gateway.ts'
import { getLetter, replayLetter, resetLetter, resolveLetter } from './app/change-letter.ts'
import { ingestLetter } from './app/ingest-letter.ts'
import { watchReplays } from './app/watch-replays.ts'
import type { DlqueueConfig } from './config.ts'
import { dlqueue as definition } from './contract.ts'
import { createDlqTelemetry } from './telemetry.ts'

/** Puts the dead letter queue together. */
export const createDlqueue = async (config: DlqueueConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date(), newId = randomUUID } = overrides
  const kit = await createKit(config.service, overrides)
  const publisher = overrides.publisher ?? (await openPublisher(kit, config.events))
  const storage = await openStorage(kit, {
    storage: config.storage,
    migrations: new URL('../migrations/', import.meta.url),
    publisher: noPublisher,
  })
  const letters = storage.kind === 'postgres' ? createPostgresLetters(storage) : createMemoryLetters()
  const telemetry = createDlqTelemetry({ ...kit, letters })
  const replays = createReplayGateway({
    targets: config.replayTargets,
    publisher,
    operatorToken: config.service.operatorToken,
  })
  const needs = { letters, telemetry, now }
  const deliveries =
    config.deliveryStatusUrl === undefined
      ? undefined
      : createDeliveryStatus({ url: config.deliveryStatusUrl, token: config.service.operatorToken })
  let watcher: { close(): Promise<void> } | undefined
  return createService({
    kit,
    definition,
    handlers: createHandlers({
      letters,
      ingest: ingestLetter(needs),
      get: getLetter(needs),
      replay: replayLetter({ ...needs, replays }),
      resolve: resolveLetter(needs),
      reset: resetLetter(needs),
      maxRetries: config.maxRetries,
      now,
      newId,
    }),
    onListening: () => {
      if (deliveries) watcher = watchReplays({ ...needs, deliveries })
    },
    resources: [
      { close: async () => watcher?.close() },
      replays,
      ...(deliveries ? [deliveries] : []),
      publisher,
      ...storage.resources,
    ],
  })
}
