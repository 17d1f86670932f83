import { defineRoute, defineService, Id, IdempotencyKeyField, pageQuery, Text } from '@bookinfo/contract'
import Type, { type Static } from 'typebox'

export const channels = ['email', 'sms', 'push'] as const

const Channel = Type.Unsafe<(typeof channels)[number]>({ type: 'string', title: 'channel', enum: [...channels] })

export const Notification = Type.Object({
  id: Type.String(),
  recipient: Type.String(),
  channel: Channel,
  subject: Type.String(),
  body: Type.String(),
  status: Type.Unsafe<'queued' | 'sent' | 'failed'>({ type: 'string', enum: ['queued', 'sent', 'failed'] }),
  /** Absent until it is sent. */
  sent_at: Type.Optional(Type.String({ format: 'date-time' })),
})
export type Notification = Static<typeof Notification>

export const NewNotification = Type.Object({
  recipient: Text('recipient', 300),
  channel: Channel,
  subject: Text('subject', 500),
  body: Text('body', 10_000),
  idempotency_key: IdempotencyKeyField,
})
export type NewNotification = Static<typeof NewNotification>

export const notification = defineService({
  name: 'notification',
  summary: 'Notifications that were sent, and to whom',
  routes: {
    notify: defineRoute({
      method: 'POST',
      path: '/v1/notifications',
      summary: 'Send a notification',
      body: NewNotification,
      reply: { 201: Notification, 200: Notification },
      failures: { 409: 'the idempotency key was used for other content' },
    }),
    get: defineRoute({
      method: 'GET',
      path: '/v1/notifications/:id',
      summary: 'One notification',
      params: Type.Object({ id: Id('notification ID') }),
      reply: { 200: Notification },
      failures: { 404: 'there is no such notification' },
    }),
    list: defineRoute({
      method: 'GET',
      path: '/v1/notifications',
      summary: 'Notifications of a recipient, newest first',
      query: Type.Object({ recipient: Text('recipient query parameter', 300), ...pageQuery(100, 1_000) }),
      reply: { 200: Type.Object({ notifications: Type.Array(Notification) }) },
    }),
  },
  events: [],
})
