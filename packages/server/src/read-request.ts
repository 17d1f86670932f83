import type { IncomingHttpHeaders } from 'node:http'
import { type Route, type Validator, validator } from '@bookinfo/contract'
import { AppError } from '@bookinfo/errors'
import type { TSchema } from 'typebox'
import { parseBody } from './body.ts'
import { parseQuery } from './query.ts'

/** Largest body of a route that does not say otherwise. */
export const bodyMaxBytes = 1_048_576

/** A request as it arrives, whatever carried it. */
export type RawRequest = {
  headers: IncomingHttpHeaders
  params: unknown
  query: Record<string, unknown>
  bytes: Buffer | undefined
  /** Path and query. */
  url: string
}

/** The first value of a header. */
export const header = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** Turns a request into what the route's handler takes; what does not fit the route's schemas is `invalid`. */
export const requestReader = (route: Route) => {
  const readers = {
    params: route.params && validator(route.params),
    query: route.query && validator(route.query),
    body: route.body && validator(route.body),
  }
  return ({ headers, params, query, bytes, url }: RawRequest) => {
    const contentType = headers['content-type']
    return {
      params: accept(readers.params, params),
      query: accept(readers.query, parseQuery(route.query, query)),
      body: accept(readers.body, parseBody(route, contentType, bytes), route.body),
      headers,
      url,
    }
  }
}

const accept = (schema: Validator<TSchema> | undefined, value: unknown, source?: TSchema): unknown => {
  if (schema === undefined) return undefined
  if (value === undefined && (source as { bodyOptional?: boolean } | undefined)?.bodyOptional) return undefined
  if (schema.check(value)) return value
  throw new AppError('invalid', schema.problems(value).join('; ') || 'the request is not valid')
}
