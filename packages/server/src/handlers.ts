import type { IncomingHttpHeaders } from 'node:http'
import type { Route } from '@bookinfo/contract'
import type { Static, TSchema } from 'typebox'

type Parsed<Schema> = Schema extends TSchema ? Static<Schema> : undefined

/** A request after validation: everything in it fits the route's schemas. */
export type ValidRequest<R extends Route> = {
  params: Parsed<R['params']>
  query: Parsed<R['query']>
  body: Parsed<R['body']>
  headers: IncomingHttpHeaders
  /** Path and query as they were asked for. */
  url: string
}

type ReplyBody<Schema> = Schema extends TSchema ? Static<Schema> : null

/** A success that the route declares; headers come on top of the content type. */
export type Reply<R extends Route> = {
  [Status in keyof R['reply'] & number]: {
    status: Status
    body: ReplyBody<R['reply'][Status]>
    headers?: Record<string, string>
  }
}[keyof R['reply'] & number]

export type Handler<R extends Route> = (request: ValidRequest<R>) => Promise<Reply<R>>

/** One handler for each route: a missing one does not compile. */
export type Handlers<Routes extends Record<string, Route>> = { [Name in keyof Routes]: Handler<Routes[Name]> }
