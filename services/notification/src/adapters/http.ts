import { resolveWriteKey } from '@bookinfo/idempotency'
import type { Handlers } from '@bookinfo/server'
import type { notify } from '../app/notify.ts'
import type { getNotification, listNotifications } from '../app/read-notifications.ts'
import type { notification, Notification as NotificationReply } from '../contract.ts'
import type { Notification } from '../domain.ts'

type Needs = {
  notify: ReturnType<typeof notify>
  get: ReturnType<typeof getNotification>
  list: ReturnType<typeof listNotifications>
}

/** Translates between the contract's shapes and the use cases. */
export const createHandlers = (app: Needs): Handlers<typeof notification.routes> => ({
  notify: async ({ body: given, headers }) => {
    const { recipient, channel, subject, body } = given
    const key = resolveWriteKey({
      bodyKey: given.idempotency_key,
      headers,
      fields: [recipient, channel, subject, body],
    })
    const { outcome, value } = await app.notify({ recipient, channel, subject, body }, key)
    return { status: outcome === 'created' ? 201 : 200, body: toReply(value) }
  },
  get: async ({ params }) => ({ status: 200, body: toReply(await app.get(params.id)) }),
  list: async ({ query }) => {
    const { recipient, page, page_size: pageSize } = query as { recipient: string; page: number; page_size: number }
    return { status: 200, body: { notifications: (await app.list({ recipient, page, pageSize })).map(toReply) } }
  },
})

const toReply = ({ id, recipient, channel, subject, body, status, sentAt }: Notification): NotificationReply => ({
  id,
  recipient,
  channel,
  subject,
  body,
  status,
  ...(sentAt && { sent_at: sentAt.toISOString() }),
})
