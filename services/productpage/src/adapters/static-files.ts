import type { IncomingHttpHeaders } from 'node:http'
import type { Assets } from './assets.ts'

type Asked = { query: { v?: string }; headers: IncomingHttpHeaders }
type Sent =
  | { status: 200; body: string; headers: Record<string, string> }
  | { status: 304; body: null; headers: Record<string, string> }

/** Serves a file: under its version it may be kept for ever, otherwise it is asked for again and is often unchanged. */
export const serveFile =
  (text: string, { version }: Assets) =>
  async ({ query, headers: given }: Asked): Promise<Sent> => {
    const etag = `"${version}"`
    const isCurrent = query.v === version
    const headers = { etag, 'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache' }
    return given['if-none-match'] === etag ? { status: 304, body: null, headers } : { status: 200, body: text, headers }
  }
