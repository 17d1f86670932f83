import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '@bookinfo/errors'
import { assertOperator } from '@bookinfo/server'

const pageMax = 1_000_000

/** Pages are forgiving: what is no page number is the first page. */
export const pageOf = (text: string | undefined): number => {
  const page = numberOf(text)
  return page >= 1 && page <= pageMax ? page : 1
}

/** A count in an address, zero when it is none. */
export const numberOf = (text: string | undefined): number => (/^\d{1,7}$/.test(text ?? '') ? Number(text) : 0)

/** Whether htmx asks, for a part of a page. */
export const isFragment = (headers: IncomingHttpHeaders): boolean => headers['hx-request'] === 'true'

/** A form on another site must not act for a reader; scripts that are no browser name no origin. */
export const assertOwnPost = ({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): void => {
  const isForeign =
    site !== undefined ? site !== 'same-origin' && site !== 'none' : origin !== undefined && hostOf(origin) !== host
  if (isForeign) throw new AppError('forbidden', 'this form was sent from another site')
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

/** Lets only an operator do what its author has not asked for. */
export const assertMayDelete = (token: string | undefined, authorization: string | undefined): void => {
  if (token === undefined || authorization === undefined)
    throw new AppError('forbidden', 'only its author can delete a review')
  assertOperator(token, authorization)
}
