import type { Stored, WriteKey } from '@bookinfo/idempotency'
import { type Channel, failed, type Notification, queued, sent } from '../domain.ts'
import type { Dispatcher, NotificationStore } from '../ports.ts'
import type { NotificationTelemetry } from '../telemetry.ts'

type Needs = {
  notifications: NotificationStore
  dispatcher: Dispatcher
  telemetry: NotificationTelemetry
  now: () => Date
  newId: () => string
}
type Input = { recipient: string; channel: Channel; subject: string; body: string }

/** Sends and stores a notification; a call that arrives again is answered with what was stored, and sends nothing. */
export const notify =
  ({ notifications, dispatcher, telemetry, now, newId }: Needs) =>
  async (input: Input, key: WriteKey): Promise<Stored<Notification>> => {
    const earlier = key.kind === 'explicit' ? await notifications.findByKey(key) : undefined
    if (earlier !== undefined) {
      telemetry.skipped(earlier, key)
      return { outcome: 'repeated', value: earlier }
    }
    const notification = await dispatch(dispatcher, queued({ ...input, id: newId(), createdAt: now() }), {
      key: key.key,
      now,
    })
    const stored = await notifications.addOnce(key, notification)
    if (stored.outcome === 'repeated') telemetry.skipped(stored.value, key)
    else telemetry.dispatched(stored.value)
    return stored
  }

/** A channel that refuses makes a failed notification, which is stored like any other. */
const dispatch = async (
  dispatcher: Dispatcher,
  notification: Notification,
  { key, now }: { key: string; now: () => Date },
): Promise<Notification> => {
  try {
    await dispatcher.send(notification, { key })
    return sent(notification, now())
  } catch {
    return failed(notification)
  }
}
