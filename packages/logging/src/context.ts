import { AsyncLocalStorage } from 'node:async_hooks'

/** What every log line and outgoing call of one request or event shares. */
export type RequestContext = { requestId: string; traceId: string; spanId: string; traceFlags: string }

const storage = new AsyncLocalStorage<RequestContext>()

/** Runs the work with this context; everything it awaits sees it. */
export const withContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work)

/** The context of the request or event being worked on, if any. */
export const currentContext = (): RequestContext | undefined => storage.getStore()
