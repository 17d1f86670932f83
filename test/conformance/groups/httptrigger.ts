import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Trigger } from '../../../runtime/src/manifest/types.ts'
import { createHttpExecutor } from '../../../runtime/src/triggers/http.ts'
import { answerOf, type Case, type Check, compare, differ, eventsOf } from '../cases.ts'

type Received = { method: string; host: string; path: string; headers: Record<string, string[]>; body: string }
type HttpCase = Case<{ trigger: Trigger; handlerStatus: number }, { request?: Received; policyError?: string }>

/** Runs the trigger against a server that answers the case's status, and compares what the server received. */
export const checkHttpTrigger: Check = async (asked) => {
  const { manifest, expected } = asked as HttpCase
  const server = await startServer(manifest.handlerStatus)
  const executor = createHttpExecutor({ targets: () => undefined })
  try {
    const trigger = JSON.parse(JSON.stringify(manifest.trigger).replaceAll('SERVER', server.host)) as Trigger
    const outcome = await answerOf(() => executor.execute(trigger, { events: eventsOf(asked), headers: {} }))
    if (expected.panic) return differ(false, 'error' in outcome)
    return compare(asked, outcome, ({ error }) =>
      differ(
        { request: expected.request && sorted(expected.request), isRefused: expected.policyError !== undefined },
        { request: server.received.map(sorted)[0], isRefused: error !== null },
      ),
    )
  } finally {
    await executor.close()
    await server.close()
  }
}

// Either client says these in its own way.
const ownToClient = new Set(['host', 'user-agent', 'accept-encoding', 'connection'])

const startServer = async (status: number) => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    received.push(await read(request, `127.0.0.1:${(server.address() as AddressInfo).port}`))
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { received, host: `127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}

const read = async (request: IncomingMessage, self: string): Promise<Received> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    host: (request.headers.host ?? '').replace(self, 'SERVER'),
    path: request.url ?? '',
    headers: headersOf(request),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

const headersOf = ({ rawHeaders }: IncomingMessage): Record<string, string[]> => {
  const headers: Record<string, string[]> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase()
    if (!ownToClient.has(name))
      headers[name] = [...(headers[name] ?? []), Buffer.from(rawHeaders[at + 1] as string, 'latin1').toString('utf8')]
  }
  return headers
}

const sorted = ({ method, host, path, headers, body }: Received): Received => {
  const entries = Object.entries(headers ?? {}).map(([name, values]) => [name.toLowerCase(), values] as const)
  return { method, host, path, body, headers: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) }
}
