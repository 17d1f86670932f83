import { setTimeout as delay } from 'node:timers/promises'
import { AppError, describeError } from '@bookinfo/errors'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { ConnectionOptions, NatsConnection, TlsOptions } from '@nats-io/transport-node'

/** Where NATS is, and who we are there. */
export type NatsAddress = {
  /** Servers as `host:port` or `nats://host:port`, several with commas. */
  url: string
  user?: string | undefined
  password?: string | undefined
  /** Whether a server's certificate is taken as it is. */
  tlsInsecure?: boolean
}

/** What is open while the server can be reached. */
export type Link = { nc: NatsConnection; jsm: JetStreamManager; libraries: Libraries }

/** One connection that comes back by itself for ever; each outage is said once. */
export type Connection = {
  /** The open connection; rejects at once with `unavailable` while there is none. */
  link(): Link
  isOpen(): boolean
  /** Resolves when the connection is open; rejects with `unavailable` after `limitMs`. */
  opened(limitMs: number): Promise<Link>
  /** Hears that the connection broke, and that it is back. */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

type Libraries = Awaited<ReturnType<typeof loadLibraries>>
type Needs = { logger: { warn(message: string, fields?: Record<string, unknown>): void }; name: string }

const pingMs = 2_000
const pingsUnanswered = 2
const connectLimitMs = 2_000
const pauses = { firstMs: 50, longestMs: 500 }
const requestLimitMs = 5_000

/** Connects in the background. */
export const openConnection = (address: NatsAddress, { logger, name }: Needs): Connection => {
  const listeners = new Set<() => void>()
  const tell = () => listeners.forEach((listener) => void listener())
  let open: Link | undefined
  const closed = Promise.withResolvers<void>()
  let isClosed = false
  let pauseMs = pauses.firstMs

  const nextPauseMs = () => {
    const current = pauseMs
    pauseMs = Math.min(pauseMs * 2, pauses.longestMs)
    return current
  }
  const follow = async (nc: NatsConnection, link: Link) => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') {
        open = undefined
        if (!isClosed) logger.warn('NATS out of reach, trying again', { address: address.url })
        tell()
      } else if (type === 'reconnect') {
        open = link
        pauseMs = pauses.firstMs
        tell()
      }
    }
  }
  const start = async (): Promise<void> => {
    const libraries = await loadLibraries()
    const nc = await untilConnected(() => libraries.connect(settings(address, { name, nextPauseMs })))
    if (nc === undefined) return
    const jsm = await libraries.jetstreamManager(nc, { checkAPI: false, timeout: requestLimitMs })
    open = { nc, jsm, libraries }
    pauseMs = pauses.firstMs
    void follow(nc, open)
    tell()
    await closed.promise
    await nc.close()
  }
  const untilConnected = async (connect: () => Promise<NatsConnection>): Promise<NatsConnection | undefined> => {
    for (let isReported = false; !isClosed; isReported = true) {
      try {
        const nc = await connect()
        if (!isClosed) return nc
        await nc.close()
      } catch (error) {
        if (!isReported && !isClosed)
          logger.warn('waiting for NATS', { address: address.url, reason: describeError(error) })
        await Promise.race([delay(nextPauseMs()), closed.promise])
      }
    }
    return undefined
  }
  const running = start()

  const away = (cause?: unknown) =>
    new AppError('unavailable', `NATS at ${address.url} cannot be reached`, {
      cause,
      headers: { 'retry-after': '1' },
    })
  const onChange = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    link: () => {
      if (open === undefined) throw away()
      return open
    },
    isOpen: () => open !== undefined,
    opened: (limitMs) =>
      new Promise((resolve, reject) => {
        const end = (work: () => void) => {
          clearTimeout(timer)
          stopListening()
          work()
        }
        const look = () => open !== undefined && end(() => resolve(open as Link))
        const timer = setTimeout(() => end(() => reject(away())), limitMs)
        const stopListening = onChange(look)
        look()
      }),
    onChange,
    close: async () => {
      isClosed = true
      open = undefined
      tell()
      closed.resolve()
      await running
    },
  }
}

const settings = (
  { url, user, password, tlsInsecure }: NatsAddress,
  { name, nextPauseMs }: { name: string; nextPauseMs: () => number },
): ConnectionOptions => ({
  servers: url.split(',').map((server) => server.trim()),
  name,
  ...(user !== undefined && { user }),
  ...(password !== undefined && { pass: password }),
  ...(tlsInsecure && { tls: { rejectUnauthorized: false } as TlsOptions }),
  ignoreAuthErrorAbort: true,
  maxReconnectAttempts: -1,
  reconnectDelayHandler: nextPauseMs,
  pingInterval: pingMs,
  maxPingOut: pingsUnanswered,
  timeout: connectLimitMs,
  noAsyncTraces: true,
})

/** Loaded when a broker is asked for: nobody else pays for it. */
const loadLibraries = async () => {
  const [{ connect, createInbox, headers }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ])
  return { connect, createInbox, headers, jetstreamManager }
}
