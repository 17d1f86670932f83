import { AppError, errorCodes, toAppError } from '@bookinfo/errors'
import { assertHost } from '@bookinfo/server'
import { listen } from '../gateway/listen.ts'
import { headerPairs, readBody, sendJson } from '../gateway/reply.ts'
import type { Webhook } from './webhook.ts'

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
            const [path = '', query = ''] = (request.url ?? '/').split('?')
            if (path === '/health') return void response.writeHead(200, { 'content-type': 'text/plain' }).end('OK')
            const webhook = byPath.get(path)
            if (webhook === undefined) throw new AppError('notFound', 'there is no webhook at this address')
            const body = await readBody(request, webhook.bodyMaxBytes)
            const reply = await webhook.accept(
              { method: request.method ?? '', path, query, headers: headerPairs(request), body },
              'client',
            )
            response
              .writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
              .end(reply.body)
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
