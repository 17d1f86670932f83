import { setTimeout as delay } from 'node:timers/promises'
import type { Msg, Subscription } from '@nats-io/transport-node'
import type { Entry } from '../port.ts'
import { createWakeUp } from '../signal.ts'
import { toEntry } from './codec.ts'
import type { Connection, Link } from './connection.ts'
import type { OpenStream } from './stream.ts'

const batchMax = 256
const batchBytesMax = 32 * 1_048_576
const bufferedMax = 512
const heartbeatMs = 1_000
const silenceMaxMs = 3_000
const requestMs = 30_000
const forgottenAfterMs = 30_000
const pauseMs = 200
const nanosPerMs = 1_000_000

/** Reads a stream in order from a position on, across broken connections and restarts of the server; nothing is left out or comes twice. */
export type Reader = {
  /** The next entries, at most `max`; waits for one, and gives none when the signal aborts. */
  next(options: { max: number; signal: AbortSignal }): Promise<Entry[]>
  close(): Promise<void>
}

type Needs = {
  connection: Connection
  /** The stream as it is now. */
  stream: (link: Link) => Promise<OpenStream>
  after: number
  /** Hears of a problem each time that reading has to begin again. */
  onProblem: (error: unknown) => void
}

/** Starts reading. The server keeps nothing of a reader: it is made again wherever the last one ended. */
export const openReader = ({ connection, stream, after, onProblem }: Needs): Reader => {
  const buffer: Entry[] = []
  const arrived = createWakeUp()
  const changed = createWakeUp()
  const closed = new AbortController()
  let last = after
  let pull: Pull | undefined

  const onEntry = (entry: Entry) => {
    last = entry.position
    buffer.push(entry)
    arrived.wake()
  }
  const run = async () => {
    const stopListening = connection.onChange(changed.wake)
    while (!closed.signal.aborted) {
      try {
        const link = connection.link()
        const opened = await stream(link)
        pull = await startPull(link, {
          stream: opened,
          after: last,
          hasRoom: () => buffer.length < bufferedMax,
          onEntry,
          onDead: changed.wake,
        })
        while (!closed.signal.aborted && connection.isOpen() && pull.isAlive())
          await changed.wait({ limitMs: heartbeatMs, signal: closed.signal })
      } catch (error) {
        if (connection.isOpen() && !closed.signal.aborted) onProblem(error)
      }
      await pull?.stop()
      pull = undefined
      await changed.wait({ limitMs: pauseMs, signal: closed.signal })
    }
    stopListening()
  }
  const running = run()

  return {
    next: async ({ max, signal }) => {
      const until = AbortSignal.any([signal, closed.signal])
      while (buffer.length === 0 && !until.aborted) await arrived.wait({ limitMs: heartbeatMs, signal: until })
      if (until.aborted) return []
      const entries = buffer.splice(0, max)
      pull?.ask()
      return entries
    },
    close: async () => {
      closed.abort()
      await running
    },
  }
}

type Pull = { isAlive(): boolean; ask(): void; stop(): Promise<void> }

type PullOptions = {
  stream: OpenStream
  after: number
  hasRoom: () => boolean
  onEntry: (entry: Entry) => void
  onDead: () => void
}

/** Asks the server for piece after piece; it is dead when the server forgot it, was silent too long, or left a message out. */
const startPull = async (link: Link, { stream, after, hasRoom, onEntry, onDead }: PullOptions): Promise<Pull> => {
  const { nc, jsm, libraries } = link
  const { name: consumer } = await jsm.consumers.add(stream.name, {
    ack_policy: 'none',
    deliver_policy: 'by_start_sequence',
    opt_start_seq: Math.max(1, after - stream.base + 1),
    inactive_threshold: forgottenAfterMs * nanosPerMs,
    mem_storage: true,
  })
  const inbox = libraries.createInbox()
  let open = 0
  let delivered = 0
  let isDead = false
  let heardAt = Date.now()

  const die = () => {
    isDead = true
    onDead()
  }
  const ask = () => {
    if (open > 0 || isDead || !hasRoom() || nc.isClosed()) return
    open = batchMax
    heardAt = Date.now()
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream.name}.${consumer}`, requestBody, { reply: inbox })
  }
  const receive = (message: Msg) => {
    heardAt = Date.now()
    const code = message.headers?.code ?? 0
    if (code === 100) return
    if (code !== 0) {
      open = 0
      const isOver =
        code === 503 || (code === 409 && /consumer|leadership|shutdown/i.test(message.headers?.description ?? ''))
      return isOver ? die() : ask()
    }
    const place = parseReply(message.reply ?? '')
    if (isDead) return
    if (place.deliveredBefore !== delivered) return die()
    delivered += 1
    open -= 1
    const { subject, headers, data } = message
    const position = stream.base + place.sequence
    onEntry(toEntry({ stream: stream.name, subject, position, time: place.time, headers, data }))
    ask()
  }
  const subscription: Subscription = nc.subscribe(inbox, {
    callback: (error, message) => (error ? die() : receive(message)),
  })
  ask()
  return {
    isAlive: () => !isDead && (open === 0 || Date.now() - heardAt < silenceMaxMs),
    ask,
    stop: async () => {
      isDead = true
      if (nc.isClosed()) return
      subscription.unsubscribe()
      await Promise.race([jsm.consumers.delete(stream.name, consumer).catch(() => {}), delay(pauseMs)])
    },
  }
}

const requestBody = JSON.stringify({
  batch: batchMax,
  max_bytes: batchBytesMax,
  expires: requestMs * nanosPerMs,
  idle_heartbeat: heartbeatMs * nanosPerMs,
})

/** `$JS.ACK.[domain.account.]stream.consumer.deliveries.sequence.delivered.time.pending[.token]` */
const parseReply = (reply: string): { sequence: number; deliveredBefore: number; time: Date } => {
  const tokens = reply.split('.')
  const start = tokens.length === 9 ? 4 : 6
  return {
    sequence: Number(tokens[start + 1]),
    deliveredBefore: Number(tokens[start + 2]) - 1,
    time: new Date(Number((tokens[start + 3] ?? '').slice(0, -6))),
  }
}
