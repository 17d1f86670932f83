import { createHash } from 'node:crypto'
import { AppError } from '@bookinfo/errors'

export type Status = 'pending' | 'replaying' | 'replayed' | 'resolved' | 'poisoned'

export type Attempt = { at: string; duration_ms: number; status: number | null; error: string | null }

export type Letter = {
  id: string
  eventId: string
  eventType: string
  eventSource: string
  eventSubject: string
  sensorName: string
  failedTrigger: string
  eventSourceName: string
  eventSourceUrl: string
  namespace: string
  recordKey: string
  payload: Buffer
  headers: Record<string, string[]>
  dataContentType: string
  eventTimestamp: Date | null
  failure: { status: number | null; error: string | null; attempts: readonly Attempt[] }
  status: Status
  /** Replays that failed again. */
  retryCount: number
  maxRetries: number
  /** The event that the last replay became. */
  replayEventId: string | null
  lastReplayedAt: Date | null
  resolvedAt: Date | null
  resolvedBy: string | null
  /** Grows with every change; a change names the version it was made from. */
  version: number
  createdAt: Date
  updatedAt: Date
}

/** How long a replay may be under way before the letter is free again, in milliseconds. */
const replayingMaxMs = 60_000

const isStuck = ({ status, updatedAt }: Letter, now: Date): boolean =>
  status === 'replaying' && now.getTime() - updatedAt.getTime() >= replayingMaxMs

const change = (letter: Letter, fields: Partial<Letter>, now: Date): Letter => ({
  ...letter,
  ...fields,
  version: letter.version + 1,
  updatedAt: now,
})

const refuse = ({ id, status }: Letter, wanted: string): never => {
  throw new AppError('conflict', `invalid status transition: letter ${id} is ${status}, it cannot be ${wanted}`)
}

/** Takes a letter for replay; only one taker wins, and one that died with it loses it after a minute. */
export const beginReplay = (letter: Letter, now: Date): Letter =>
  letter.status === 'pending' || isStuck(letter, now)
    ? change(letter, { status: 'replaying' }, now)
    : refuse(letter, 'replayed')

/** The event was sent again, as the event `replayEventId`. */
export const replayed = (letter: Letter, { replayEventId, now }: { replayEventId: string; now: Date }): Letter =>
  change(letter, { status: 'replayed', replayEventId, lastReplayedAt: now }, now)

/** Sending again failed; the letter waits as before. */
export const replayFailed = (letter: Letter, now: Date): Letter => change(letter, { status: 'pending' }, now)

/** The same event failed again. After a replay that counts, and too often is poison; a letter delivered twice counts nothing. */
export const failedAgain = (letter: Letter, { failure, now }: { failure: Letter['failure']; now: Date }): Letter => {
  if (letter.status !== 'replayed' && letter.status !== 'replaying') return letter
  const retryCount = letter.retryCount + 1
  return change(letter, { failure, retryCount, status: retryCount >= letter.maxRetries ? 'poisoned' : 'pending' }, now)
}

/** Closes a letter. */
export const resolve = (letter: Letter, { by, now }: { by: string; now: Date }): Letter => {
  if (letter.status === 'resolved') throw new AppError('conflict', 'event already resolved')
  if (letter.status !== 'pending' && letter.status !== 'replayed') return refuse(letter, 'resolved')
  return change(letter, { status: 'resolved', resolvedAt: now, resolvedBy: by }, now)
}

/** Gives a poisoned letter its replays back. */
export const reset = (letter: Letter, now: Date): Letter =>
  letter.status === 'poisoned' ? change(letter, { status: 'pending', retryCount: 0 }, now) : refuse(letter, 'reset')

/** Lowercase hex SHA-256 of the payload's bytes. */
export const payloadHash = ({ payload }: Letter): string => createHash('sha256').update(payload).digest('hex')

const secret = /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token)$/i
const headersMax = 200

/** The headers without credentials: what is kept can be read by operators and is sent again. */
export const withoutCredentials = (headers: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !secret.test(name))
      .slice(0, headersMax),
  )
