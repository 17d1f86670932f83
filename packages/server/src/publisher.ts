import type { EventsConfig } from '@bookinfo/config'
import { createPool } from '@bookinfo/database'
import {
  createJetStreamPublisher,
  createKafkaPublisher,
  createLogPublisher,
  createPostgresEventLog,
  parseBrokers,
  type Publisher,
} from '@bookinfo/eventlog'
import type { Kit } from './kit.ts'

const connectionsMax = 2

/** For services that announce nothing, and for `EVENT_BACKEND=none`. */
export const noPublisher: Publisher = { publish: async () => {}, close: async () => {} }

/** Opens where a service's domain events go. With `none`, which has to be asked for, they are dropped after their write. */
export const openPublisher = async (kit: Kit, events: EventsConfig): Promise<Publisher> => {
  switch (events.backend) {
    case 'none':
      kit.logger.warn('events are not published: EVENT_BACKEND is none')
      return noPublisher
    case 'kafka':
      return createKafkaPublisher({ brokers: parseBrokers(events.brokers), logger: kit.logger })
    case 'jetstream':
      return createJetStreamPublisher({ address: events, name: 'event-driven-bookinfo', logger: kit.logger })
    case 'postgres': {
      const pool = createPool({ url: events.url, max: connectionsMax, applicationName: `${kit.config.name}-events` })
      const eventLog = await createPostgresEventLog({ pool, logger: kit.logger })
      const close = async () => {
        await eventLog.close()
        await pool.end()
      }
      return { ...createLogPublisher(eventLog), close }
    }
  }
}
