import { AppError } from '@bookinfo/errors'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import type { Notification } from '../domain.ts'
import type { NotificationStore } from '../ports.ts'

type Row = { notification: Notification; fingerprint: string }

/** Notifications in memory: for tests and for running without a database; they end with the process. */
export const createMemoryNotifications = (): NotificationStore => {
  const byKey = new Map<string, Row>()
  const all: Notification[] = []
  const sameContent = (row: Row | undefined, { key, fingerprint }: WriteKey): Notification | undefined => {
    if (row === undefined || row.fingerprint === fingerprint) return row?.notification
    throw new AppError('conflict', `idempotency key ${key} was used for another notification`)
  }
  return {
    addOnce: async (key, notification) => {
      const row = byKey.get(key.key)
      const ageMs = row ? notification.createdAt.getTime() - row.notification.createdAt.getTime() : 0
      const earlier = key.kind === 'natural' && ageMs >= naturalWindowMs ? undefined : sameContent(row, key)
      if (earlier !== undefined) return { outcome: 'repeated', value: earlier }
      byKey.set(key.key, { notification, fingerprint: key.fingerprint })
      all.unshift(notification)
      return { outcome: 'created', value: notification }
    },
    findByKey: async (key) => sameContent(byKey.get(key.key), key),
    find: async (id) => all.find((notification) => notification.id === id),
    listFor: async (recipient, { offset, limit }) =>
      all.filter((notification) => notification.recipient === recipient).slice(offset, offset + limit),
  }
}
