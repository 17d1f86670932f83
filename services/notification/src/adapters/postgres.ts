import { createBatcher, type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { naturalWindowMs, type WriteKey } from '@bookinfo/idempotency'
import type { Channel, Notification } from '../domain.ts'
import type { NotificationStore } from '../ports.ts'

type Row = {
  id: string
  recipient: string
  channel: Channel
  subject: string
  body: string
  status: Notification['status']
  sent_at: Date | null
  created_at: Date
  fingerprint: string
}

const columns = 'id, recipient, channel, subject, body, status, sent_at, created_at, fingerprint'

/** Notifications in PostgreSQL. Reads and writes that come together share a statement; a write is stored as a whole or not at all. */
export const createPostgresNotifications = ({ pool }: { pool: Pool }): NotificationStore => {
  const finding = createBatcher<string, Row | undefined>({ store: (keys) => findByKeys(pool, keys) })
  const adding = createBatcher<NewNotification, boolean>({ store: (items) => addNotifications(pool, items) })
  const findByKey = async ({ key, fingerprint }: WriteKey): Promise<Notification | undefined> => {
    const row = await finding.add(key)
    if (row === undefined) return undefined
    if (row.fingerprint === fingerprint) return toNotification(row)
    throw new AppError('conflict', `idempotency key ${key} was used for another notification`)
  }
  return {
    addOnce: async (key, notification) => {
      if (key.kind === 'natural') await retireNaturalKey(pool, key, notification.createdAt)
      if (await adding.add({ key, notification })) return { outcome: 'created', value: notification }
      return { outcome: 'repeated', value: (await findByKey(key)) ?? notification }
    },
    findByKey,
    find: async (id) => {
      const sql = `SELECT ${columns} FROM notifications WHERE id = $1`
      const row = (await query<Row>(pool, 'notifications.find', sql, [id])).rows[0]
      return row && toNotification(row)
    },
    listFor: async (recipient, { offset, limit }) => {
      const { rows } = await query<Row>(pool, 'notifications.list', listSql, [recipient, limit, offset])
      return rows.map(toNotification)
    },
  }
}

const findByKeys = async (pool: Pool, keys: readonly string[]): Promise<(Row | undefined)[]> => {
  const sql = `SELECT ${columns}, idempotency_key FROM notifications WHERE idempotency_key = ANY ($1::text[])`
  const { rows } = await query<Row & { idempotency_key: string }>(pool, 'notifications.stored', sql, [keys])
  const byKey = new Map(rows.map((row) => [row.idempotency_key, row]))
  return keys.map((key) => byKey.get(key))
}

type NewNotification = { key: WriteKey; notification: Notification }

/** Tells of each notification whether it was new. Keys are taken in one order, so that two batches cannot wait for each other. */
const addNotifications = async (pool: Pool, items: readonly NewNotification[]): Promise<boolean[]> => {
  const column = <T>(pick: (item: NewNotification) => T) => items.map(pick)
  const { rows } = await query<{ id: string }>(pool, 'notifications.add', addSql, [
    column(({ notification }) => notification.id),
    column(({ notification }) => notification.recipient),
    column(({ notification }) => notification.channel),
    column(({ notification }) => notification.subject),
    column(({ notification }) => notification.body),
    column(({ notification }) => notification.status),
    column(({ notification }) => notification.sentAt),
    column(({ key }) => key.key),
    column(({ key }) => key.fingerprint),
    column(({ notification }) => notification.createdAt),
  ])
  const added = new Set(rows.map(({ id }) => id))
  return items.map(({ notification }) => added.has(notification.id))
}

const addSql = `
  INSERT INTO notifications (id, recipient, channel, subject, body, status, sent_at, idempotency_key, fingerprint, created_at)
  SELECT id, recipient, channel, subject, body, status, sent_at, key, fingerprint, created_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::text[],
    $10::timestamptz[]) WITH ORDINALITY
    AS g (id, recipient, channel, subject, body, status, sent_at, key, fingerprint, created_at, place)
  ORDER BY key, place
  ON CONFLICT (idempotency_key) DO NOTHING
  RETURNING id`

const listSql = `
  SELECT ${columns} FROM notifications WHERE recipient = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3`

/** A natural key means a retransmission for a few seconds only; after that its row lets go of it. */
const retireNaturalKey = async (pool: Pool, { key }: WriteKey, now: Date): Promise<void> => {
  const sql = `UPDATE notifications SET idempotency_key = idempotency_key || '/' || id WHERE idempotency_key = $1 AND created_at <= $2`
  await query(pool, 'notifications.retire', sql, [key, new Date(now.getTime() - naturalWindowMs)])
}

const toNotification = (row: Row): Notification => {
  const { id, recipient, channel, subject, body, status } = row
  return {
    id,
    recipient,
    channel,
    subject,
    body,
    status,
    sentAt: row.sent_at,
    createdAt: row.created_at,
  } as Notification
}
