import { randomUUID } from 'node:crypto'
import { createKit, createService, noPublisher, type Overrides, openStorage, type Service } from '@bookinfo/server'
import { createHandlers } from './adapters/http.ts'
import { createLogDispatcher } from './adapters/log-dispatcher.ts'
import { createMemoryNotifications } from './adapters/memory.ts'
import { createPostgresNotifications } from './adapters/postgres.ts'
import { notify } from './app/notify.ts'
import { getNotification, listNotifications } from './app/read-notifications.ts'
import type { NotificationConfig } from './config.ts'
import { notification as definition } from './contract.ts'
import { createNotificationTelemetry } from './telemetry.ts'

/** Puts the notification service together. */
export const createNotification = async (config: NotificationConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date(), newId = randomUUID } = overrides
  const kit = await createKit(config.service, overrides)
  const storage = await openStorage(kit, {
    storage: config.storage,
    migrations: new URL('../migrations/', import.meta.url),
    publisher: noPublisher,
  })
  const notifications = storage.kind === 'postgres' ? createPostgresNotifications(storage) : createMemoryNotifications()
  const telemetry = createNotificationTelemetry(kit)
  const dispatcher = createLogDispatcher(kit)
  return createService({
    kit,
    definition,
    handlers: createHandlers({
      notify: notify({ notifications, dispatcher, telemetry, now, newId }),
      get: getNotification({ notifications }),
      list: listNotifications({ notifications }),
    }),
    resources: storage.resources,
  })
}
