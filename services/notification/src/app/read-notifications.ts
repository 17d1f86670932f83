import { AppError } from '@bookinfo/errors'
import type { Notification } from '../domain.ts'
import type { NotificationStore } from '../ports.ts'

type Needs = { notifications: NotificationStore }

/** One notification; `notFound` when there is none of this id. */
export const getNotification =
  ({ notifications }: Needs) =>
  async (id: string): Promise<Notification> => {
    const found = await notifications.find(id)
    if (found === undefined) throw new AppError('notFound', 'notification not found')
    return found
  }

/** A page of a recipient's notifications, newest first. */
export const listNotifications =
  ({ notifications }: Needs) =>
  ({ recipient, page, pageSize }: { recipient: string; page: number; pageSize: number }): Promise<Notification[]> =>
    notifications.listFor(recipient, { offset: (page - 1) * pageSize, limit: pageSize })
