import { createHash } from 'node:crypto'
import { AppError } from '@bookinfo/errors'

/** What recognises a write that arrives again. */
export type WriteKey = {
  /** Unique within a service's operation. */
  key: string
  /** `natural` keys are made from the content and mean a repeat only within `naturalWindowMs`. */
  kind: 'explicit' | 'natural'
  /** Equal for equal content: the same key with another fingerprint is a conflict. */
  fingerprint: string
}

/** What a store answers to a write: the row it made now, or the one that an earlier try made. */
export type Stored<T> = { outcome: 'created' | 'repeated'; value: T }

/** How long a natural key means a retransmission, in milliseconds; later it is a change of mind. */
export const naturalWindowMs = 5_000

/** How long a caller's own key may be, in characters. */
export const keyMaxCharacters = 500

/**
 * The key of a write, the first that exists: the body's `idempotency_key`, the header `Idempotency-Key`, the header `Ce-Id`,
 * and for a bare direct call the natural key of its business fields.
 */
export const resolveWriteKey = (request: {
  bodyKey?: string | undefined
  headers: Record<string, string | string[] | undefined>
  fields: readonly (string | number)[]
}): WriteKey => {
  const fingerprint = naturalKey(request.fields)
  const explicit = request.bodyKey || first(request.headers['idempotency-key']) || first(request.headers['ce-id'])
  if (!explicit) return { key: fingerprint, kind: 'natural', fingerprint }
  if (explicit.length > keyMaxCharacters || explicit.includes('\0')) {
    throw new AppError('invalid', `the idempotency key must have at most ${keyMaxCharacters} characters`)
  }
  return { key: explicit, kind: 'explicit', fingerprint }
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

const separator = Buffer.from([0x1f])

/** Lowercase hex SHA-256 over each field's UTF-8 bytes followed by 0x1f; integers in decimal. */
export const naturalKey = (fields: readonly (string | number)[]): string => {
  const hash = createHash('sha256')
  for (const field of fields) hash.update(String(field)).update(separator)
  return hash.digest('hex')
}
