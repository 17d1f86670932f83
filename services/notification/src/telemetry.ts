import type { WriteKey } from '@bookinfo/idempotency'
import type { Kit } from '@bookinfo/server'
import type { Notification } from './domain.ts'

export type NotificationTelemetry = ReturnType<typeof createNotificationTelemetry>

/** Every business event of this service: one log line and one count each. */
export const createNotificationTelemetry = ({ logger, metrics }: Pick<Kit, 'logger' | 'metrics'>) => {
  const dispatched = metrics.counter('notifications_dispatched_total', 'Notifications that their channel took')
  const failed = metrics.counter('notifications_failed_total', 'Notifications that their channel refused')
  const byStatus = metrics.gauge('notifications_by_status', 'Notifications stored by this process', ['status'])
  return {
    dispatched: ({ id, channel, status }: Notification) => {
      if (status === 'failed') failed.inc()
      else dispatched.inc()
      byStatus.inc({ status })
      logger.info('notification dispatched', { notification_id: id, channel, status })
    },
    skipped: ({ id }: Notification, { key }: WriteKey) => {
      logger.info('duplicate dispatch skipped', { notification_id: id, idempotency_key: key })
    },
  }
}
