export type Channel = 'email' | 'sms' | 'push'

type Content = { id: string; recipient: string; channel: Channel; subject: string; body: string; createdAt: Date }

/** A notification as it is kept: sent with a time, or failed without one. */
export type Notification = Content & ({ status: 'sent'; sentAt: Date } | { status: 'queued' | 'failed'; sentAt: null })

/** A notification that nobody has sent yet. */
export const queued = (content: Content): Notification => ({ ...content, status: 'queued', sentAt: null })

/** The same notification after the dispatcher took it. */
export const sent = (notification: Notification, sentAt: Date): Notification => ({
  ...notification,
  status: 'sent',
  sentAt,
})

/** The same notification after the dispatcher refused it. */
export const failed = (notification: Notification): Notification => ({
  ...notification,
  status: 'failed',
  sentAt: null,
})
