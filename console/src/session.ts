import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { assertOperator } from '@bookinfo/server'

const cookieName = 'operator'
const noticeName = 'operator_notice'
const noticeMaxCharacters = 300
const noticeAgeSeconds = 30
const attributes = 'HttpOnly; SameSite=Strict; Path=/'

/**
 * Who may see the page. The cookie is made from the token and is not the token: browsers send cookies to every port of a machine, and what
 * another program there reads must not open the API.
 */
export const createSession = (token: string) => {
  const pass = createHmac('sha256', token).update('operator page').digest('base64url')
  return {
    isOpen: (request: IncomingMessage): boolean => matches(pass, readCookie(request, cookieName)),
    /** The cookie for whoever gave the right token. */
    open: (given: string): string | undefined =>
      matches(token, given) ? `${cookieName}=${pass}; ${attributes}` : undefined,
    close: (): string => `${cookieName}=; ${attributes}; Max-Age=0`,
  }
}

/** A sentence for the next page, carried where no link can put another one. */
export const writeNotice = (text: string): string =>
  `${noticeName}=${encodeURIComponent(text.slice(0, noticeMaxCharacters))}; ${attributes}; Max-Age=${noticeAgeSeconds}`

export const forgetNotice = `${noticeName}=; ${attributes}; Max-Age=0`

export const readNotice = (request: IncomingMessage): string | undefined => {
  try {
    return decodeURIComponent(readCookie(request, noticeName)) || undefined
  } catch {
    return undefined
  }
}

/** Browsers say where a form comes from; one from elsewhere, another port of this machine included, is refused. */
export const isOwnPost = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

const readCookie = ({ headers }: IncomingMessage, name: string): string =>
  (headers.cookie ?? '')
    .split('; ')
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

const matches = (wanted: string, given: string): boolean => {
  try {
    assertOperator(wanted, `Bearer ${given}`)
    return true
  } catch {
    return false
  }
}
