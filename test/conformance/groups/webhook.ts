import { connect } from 'node:net'
import { createMetrics } from '@bookinfo/metrics'
import { serveWebhooks } from '../../../runtime/src/eventsources/server.ts'
import { createWebhooks } from '../../../runtime/src/eventsources/webhook.ts'
import type { WebhookEndpoint } from '../../../runtime/src/manifest/types.ts'
import { type Case, type Check, differ } from '../cases.ts'

type WebhookCase = Case<
  { webhook: Record<string, WebhookEndpoint> },
  { status: number; responseBody: string; eventData: string | null }
>

// What follows is Go's own description of a syntax error.
const goTextFollows = 'json: error calling MarshalJSON for type *json.RawMessage: '

/** Serves the webhook, sends the request's bytes, and compares the answer and the published event. */
export const checkWebhook: Check = async (asked) => {
  const { manifest, expected } = asked as WebhookCase
  const published: (string | null)[] = []
  const spec = {
    webhook: Object.fromEntries(
      Object.entries(manifest.webhook).map(([event, endpoint]) => [event, { ...served(endpoint), port: '0' }]),
    ),
  }
  const webhooks = createWebhooks([{ name: 'webhook', namespace: 'default', annotations: {}, spec }], {
    bus: {
      name: 'default',
      publish: async ({ cloudEvent }) => {
        published.push(cloudEvent.data)
        return { duplicate: true, id: cloudEvent.id, sameContent: true }
      },
    },
    secrets: {},
    metrics: createMetrics(),
    now: () => new Date(),
  })
  const [server] = await serveWebhooks(webhooks, { host: '127.0.0.1', portOffset: 0, allowedHosts: undefined })
  try {
    const { status, body } = await exchange(Number(new URL(server?.url ?? '').port), asked)
    return differ(
      { status: expected.status, body: comparable(expected.responseBody), event: expected.eventData },
      { status, body: comparable(body), event: published[0] ?? null },
    )
  } finally {
    await server?.close(0)
  }
}

/**
 * All cases were recorded at one server, with `/post` and `/get` for whatever has no settings of its own. A case that asks for another
 * path names that path as its endpoint, but the server had none there.
 */
const served = (endpoint: WebhookEndpoint): WebhookEndpoint => {
  const { port: _, method: __, endpoint: path, ...settings } = endpoint
  if (path === '/post' || path === '/get' || Object.keys(settings).length > 0) return endpoint
  return { ...endpoint, endpoint: '/post' }
}

const comparable = (body: string): string => (body.startsWith(goTextFollows) ? goTextFollows : body)

const exchange = async (port: number, { request, requestBodyBase64 }: Case) => {
  const { method, path, headers, body: text } = request as NonNullable<Case['request']>
  const body = requestBodyBase64 === undefined ? Buffer.from(text) : Buffer.from(requestBodyBase64, 'base64')
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: h.example',
    ...(headers ?? []).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  const socket = connect(port, '127.0.0.1')
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const reply = Buffer.concat(chunks).toString('utf8')
  const end = reply.indexOf('\r\n\r\n')
  return { status: Number(reply.slice(9, 12)), body: reply.slice(end + 4) }
}
