import { AppError } from '@bookinfo/errors'
import type { TriggerRequest } from './request.ts'

const requestsMax = 10
const statuses = new Set([301, 302, 303, 307, 308])
const sensitive = new Set([
  'authorization',
  'www-authenticate',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'proxy-authenticate',
])
const ofBody = new Set(['content-encoding', 'content-language', 'content-location', 'content-type'])

/** What an answer says about where to go next. */
type Answer = { status: number; location: string | undefined }

/**
 * Follows redirects as Go's client does: given each answer, the request to send next, or undefined when the answer is the last one.
 * Credentials go no further than the first host and what lies below it. Throws `unavailable` at the tenth answer that leads on.
 */
export const followRedirects = (first: TriggerRequest): ((answer: Answer) => TriggerRequest | undefined) => {
  const start = new URL(first.url)
  const hasOwnReferer = first.headers.some(([name]) => name.toLowerCase() === 'referer')
  let last = first
  let requests = 1
  let dropsCredentials = false
  return ({ status, location }) => {
    if (!location || !statuses.has(status)) return undefined
    if (requests >= requestsMax) throw new AppError('unavailable', `stopped after ${requestsMax} redirects`)
    requests += 1
    const url = resolve(location, last.url)
    const dropsBody = status <= 303
    dropsCredentials ||= !isWithin(url.hostname, start.hostname)
    const isDropped = (name: string) => (dropsBody && ofBody.has(name)) || (dropsCredentials && sensitive.has(name))
    const headers = first.headers.filter(([name]) => !isDropped(name.toLowerCase()))
    const referer = hasOwnReferer ? undefined : refererOf(new URL(last.url), url)
    const { host, method } = last
    last = {
      url: url.href,
      method: dropsBody && method !== 'HEAD' ? 'GET' : method,
      headers: referer === undefined ? headers : [...headers, ['Referer', referer]],
      body: dropsBody ? '' : first.body,
      ...(host && !URL.canParse(location) && { host }),
    }
    return last
  }
}

const resolve = (location: string, from: string): URL => {
  if (URL.canParse(location, from)) return new URL(location, from)
  throw new AppError('unavailable', `the answer leads to "${location}", which is no address`)
}

const isWithin = (host: string, parent: string): boolean =>
  host === parent || (host.endsWith(`.${parent}`) && !/[:%]/.test(host))

/** None where the way leads from https to http. */
const refererOf = (from: URL, to: URL): string | undefined => {
  if (from.protocol === 'https:' && to.protocol === 'http:') return undefined
  from.username = ''
  from.password = ''
  return from.href
}
