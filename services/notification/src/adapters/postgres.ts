import { type Pool, query } from '@bookinfo/database'
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

/** Notifications in PostgreSQL; a write is one statement. */
export const createPostgresNotifications = ({ pool }: { pool: Pool }): NotificationStore => {
  const findByKey = async ({ key, fingerprint }: WriteKey): Promise<Notification | undefined> => {
    const sql = `SELECT ${columns} FROM notifications WHERE idempotency_key = $1`
    const row = (await query<Row>(pool, 'notifications.stored', sql, [key])).rows[0]
    if (row === undefined) return undefined
    if (row.fingerprint === fingerprint) return toNotification(row)
    throw new AppError('conflict', `idempotency key ${key} was used for another notification`)
  }
  return {
    addOnce: async (key, notification) => {
      if (key.kind === 'natural') await retireNaturalKey(pool, key, notification.createdAt)
      const { id, recipient, channel, subject, body, status, sentAt, createdAt } = notification
      const values = [id, recipient, channel, subject, body, status, sentAt, key.key, key.fingerprint, createdAt]
      const added = await query(pool, 'notifications.add', addSql, values)
      if (added.rowCount === 1) return { outcome: 'created', value: notification }
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

const addSql = `
  INSERT INTO notifications (id, recipient, channel, subject, body, status, sent_at, idempotency_key, fingerprint, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (idempotency_key) DO NOTHING`

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
