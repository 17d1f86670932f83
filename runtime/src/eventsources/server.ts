import type { IncomingMessage } from 'node:http'
import { errorCodes, toAppError } from '@bookinfo/errors'
import { assertHost } from '@bookinfo/server'
import { listen } from '../gateway/listen.ts'
import { headerPairs, readBody, sendJson } from '../gateway/reply.ts'
import { plain, type WebhookReply } from './replies.ts'
import type { Webhook } from './webhook.ts'

// Go's own words.
const notFound = plain(404, '404 page not found\n')

/** Hands a request to its webhook. */
const ask = async (webhook: Webhook, request: IncomingMessage): Promise<WebhookReply> => {
  const [path = '', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
  const headers = headerPairs(request)
  const body = await readBody(request, webhook.bodyMaxBytes(headers)).catch((thrown) => {
    if (toAppError(thrown).code === 'tooLarge') return undefined
    throw thrown
  })
  if (body === undefined) return webhook.refuseTooLarge(headers)
  return webhook.accept({ method: request.method ?? '', path, query, headers, body }, 'client')
}

type Options = { host: string; portOffset: number; allowedHosts: readonly string[] | undefined }

/** One HTTP server for each port that webhooks name, with every endpoint at its exact path and `/health` beside them. */
export const serveWebhooks = async (webhooks: readonly Webhook[], { host, portOffset, allowedHosts }: Options) => {
  const servers = []
  for (const [port, group] of Map.groupBy(webhooks, (webhook) => webhook.port)) {
    const byPath = new Map(group.map((webhook) => [webhook.endpoint, webhook]))
    servers.push(
      await listen(
        (request, response) => {
          const answer = async () => {
            assertHost(allowedHosts, request.headers.host)
            const [path = ''] = (request.url ?? '/').split('?')
            const webhook = byPath.get(path)
            const reply = path === '/health' ? plain(200, 'OK') : webhook ? await ask(webhook, request) : notFound
            const closing: Record<string, string> = request.complete ? {} : { connection: 'close' }
            const length = { 'content-length': Buffer.byteLength(reply.body) }
            response.writeHead(reply.status, { ...reply.headers, ...closing, ...length }).end(reply.body)
          }
          answer().catch((thrown) => {
            const { code, message, headers } = toAppError(thrown)
            const closing: Record<string, string> = request.complete ? {} : { connection: 'close' }
            if (!response.headersSent)
              sendJson(response, errorCodes[code].status, { error: message }, { ...closing, ...headers })
          })
        },
        { host, port: port === 0 ? 0 : port + portOffset },
      ),
    )
  }
  return servers
}
