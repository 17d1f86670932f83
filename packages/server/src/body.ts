import { parseJson, type Route } from '@bookinfo/contract'
import { AppError } from '@bookinfo/errors'

// A byte order mark is no JSON, here as at the webhooks.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a request body as the route expects it: JSON whatever the content type says; a form where the route takes forms, unless it says JSON. */
export const parseBody = (route: Route, contentType: string | undefined, bytes: Buffer | undefined): unknown => {
  if (route.body === undefined) return undefined
  const text = decode(bytes ?? Buffer.alloc(0))
  if (route.takesForms && !isJson(contentType)) return Object.fromEntries(new URLSearchParams(text))
  if (text === '' && isOptional(route)) return undefined
  try {
    return parseJson(text)
  } catch (cause) {
    throw new AppError('invalid', `invalid JSON body: ${reason(cause, text)}`, { cause })
  }
}

const decode = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new AppError('invalid', 'invalid JSON body: it is not UTF-8 text', { cause })
  }
}

const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'

/** A body whose schema says `bodyOptional` may be left out altogether. */
const isOptional = (route: Route): boolean => (route.body as { bodyOptional?: boolean }).bodyOptional === true

const reason = (cause: unknown, text: string): string =>
  text === '' ? 'it is empty' : cause instanceof Error ? cause.message.slice(0, 120) : 'it does not parse'
