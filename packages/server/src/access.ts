import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@bookinfo/errors'

/** Refuses a request that names a host we do not serve: a page elsewhere must not reach a server on this machine by DNS tricks. */
export const assertHost = (allowed: readonly string[] | undefined, host: string | undefined): void => {
  if (allowed === undefined) return
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase()
  if (!allowed.includes(name))
    throw new AppError('forbidden', `host ${JSON.stringify(name.slice(0, 100))} is not served here`)
}

/** Whether the header carries this bearer token. Compares in constant time. */
export const isBearer = (token: string, authorization: string | undefined): boolean => {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

/** Refuses a request without the operator's bearer token. */
export const assertOperator = (token: string | undefined, authorization: string | undefined): void => {
  if (token === undefined || isBearer(token, authorization)) return
  throw new AppError('unauthorized', 'this needs the operator token: send "Authorization: Bearer TOKEN"', {
    headers: { 'www-authenticate': 'Bearer realm="operator"' },
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
