import { type AddressInfo, createServer } from 'node:net'
import type { Trigger } from '../../../runtime/src/manifest/types.ts'
import { createHttpExecutor } from '../../../runtime/src/triggers/http.ts'
import { answerOf, type Case, type Check, compare, differ, eventsOf } from '../cases.ts'

type Received = { method: string; host: string; path: string; headers: Record<string, string[]>; body: string }
type HttpCase = Case<{ trigger: Trigger; handlerStatus: number }, { request?: Received; policyError?: string }>

/** Runs the trigger against a server that answers the case's status, and compares what the server received. */
export const checkHttpTrigger: Check = async (asked) => {
  const { manifest, expected } = asked as HttpCase
  const server = await startServer(manifest.handlerStatus)
  const executor = createHttpExecutor({
    targets: () => undefined,
    references: { secrets: {}, configMaps: {} },
  })
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

/** Reads requests by itself: Node's server refuses methods that it does not know, such as `post`. */
const startServer = async (status: number) => {
  const received: Received[] = []
  const server = createServer((socket) => {
    let bytes = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      bytes += chunk
      const request = read(bytes, `127.0.0.1:${(server.address() as AddressInfo).port}`)
      if (request === undefined) return
      received.push(request)
      socket.end(`HTTP/1.1 ${status} Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { received, host: `127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** The request, once all of it is there. */
const read = (bytes: string, self: string): Received | undefined => {
  const [head = '', ...rest] = bytes.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const length = /^content-length: (\d+)$/im.exec(head)?.[1] ?? '0'
  if (rest.length === 0 || body.length < Number(length)) return undefined
  const [line = '', ...lines] = head.split('\r\n')
  const [method = '', path = ''] = line.split(' ')
  const pairs = lines.map((one) => one.split(/: (.*)/s)).map(([name = '', value = '']) => [name.toLowerCase(), value])
  const host = pairs.find(([name]) => name === 'host')?.[1] ?? ''
  const headers: Record<string, string[]> = {}
  for (const [name = '', value = ''] of pairs)
    if (!ownToClient.has(name)) headers[name] = [...(headers[name] ?? []), utf8(value)]
  return { method, host: host.replace(self, 'SERVER'), path, headers, body: utf8(body) }
}

const sorted = ({ method, host, path, headers, body }: Received): Received => {
  const entries = Object.entries(headers ?? {}).map(([name, values]) => [name.toLowerCase(), values] as const)
  return { method, host, path, body, headers: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) }
}
