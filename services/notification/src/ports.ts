import type { Stored, WriteKey } from '@bookinfo/idempotency'
import type { Notification } from './domain.ts'

export type NotificationStore = {
  /**
   * Stores the notification under its key. A key that was used before for the same content answers with the one stored then; used for
   * other content it rejects with `conflict`.
   */
  addOnce(key: WriteKey, notification: Notification): Promise<Stored<Notification>>
  /** The notification stored under this key, if there is one; rejects with `conflict` when its content differs. */
  findByKey(key: WriteKey): Promise<Notification | undefined>
  find(id: string): Promise<Notification | undefined>
  /** Newest first. */
  listFor(recipient: string, page: { offset: number; limit: number }): Promise<Notification[]>
}

export type Dispatcher = {
  /** Hands the notification to its channel. The key lets a channel that honours it send once; rejects when the channel refuses. */
  send(notification: Notification, options: { key: string }): Promise<void>
}
