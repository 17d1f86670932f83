import { createKit, createService, openPublisher, type Overrides, type Service } from '@bookinfo/server'
import { createHandlers } from './adapters/http.ts'
import { createOpenLibrary } from './adapters/open-library.ts'
import { publishBooks } from './app/publish-books.ts'
import { createCycle } from './app/run-cycle.ts'
import type { IngestionConfig } from './config.ts'
import { ingestion as definition } from './contract.ts'
import { createIngestionTelemetry } from './telemetry.ts'

export { readCatalogue } from './adapters/catalogue.ts'
export { loadCatalogue, type RatingSample } from './app/load-catalogue.ts'
export { publishBooks } from './app/publish-books.ts'

/** Puts the ingestion service together. */
export const createIngestion = async (config: IngestionConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date() } = overrides
  const kit = await createKit(config.service, overrides)
  const publisher = overrides.publisher ?? (await openPublisher(kit, config.events))
  const telemetry = createIngestionTelemetry(kit)
  const source = createOpenLibrary({ baseUrl: config.openLibraryUrl })
  const cycle = createCycle({
    source,
    publish: publishBooks({ publisher, now }),
    telemetry,
    now,
    defaultQueries: config.queries,
    maxResults: config.maxResults,
  })
  let polling: NodeJS.Timeout | undefined
  return createService({
    kit,
    definition,
    handlers: createHandlers({ cycle }),
    onListening: () => {
      if (config.pollIntervalMs === 0) return
      telemetry.polling(config.pollIntervalMs)
      polling = setInterval(() => {
        telemetry.cycleStarting()
        // A cycle that is still running is no reason for another one.
        cycle.run().catch(() => {})
      }, config.pollIntervalMs)
    },
    resources: [{ close: async () => clearInterval(polling) }, source, publisher],
  })
}
