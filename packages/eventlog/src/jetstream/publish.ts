import { AppError } from '@bookinfo/errors'
import type { Send } from '../journal/append.ts'
import type { NewEntry } from '../port.ts'
import { toHeaders } from './codec.ts'
import type { Connection, Link } from './connection.ts'
import { natsSubject } from './names.ts'
import type { LogStream } from './stream.ts'

/** The number of a message in its stream; the first one's when the server knew its id already. */
type Acknowledgement = { seq?: number; error?: { err_code: number; description: string } }

const answerLimitMs = 1_500
const fullCodes = new Set([10_077, 10_047, 10_023, 10_122])

const headersMaxBytes = 65_536

/** Refuses what the server would never take, before it shares a batch with others. */
export const assertFits = ({ nc }: Link, { payload }: NewEntry): void => {
  const payloadMaxBytes = nc.info?.max_payload ?? Number.POSITIVE_INFINITY
  if (payload.length + headersMaxBytes > payloadMaxBytes)
    throw new AppError(
      'tooLarge',
      `an event of ${payload.length} bytes is larger than the NATS server takes (max_payload)`,
    )
}

/**
 * Publishes entries to a stream in the order given, all at once, and waits until each one is stored. When one is not, the outcome of
 * all is unknown. A server that left the last batch without an answer is asked for a sign of life before it gets more.
 */
export const createPublish = (connection: Connection, stream: LogStream): Send => {
  let isDoubtful = false

  const publishOne = async ({ nc, libraries }: Link, entry: NewEntry): Promise<number> => {
    const reply = await nc.request(natsSubject(stream.name, entry.subject), entry.payload, {
      headers: toHeaders(entry, libraries.headers),
      timeout: answerLimitMs,
    })
    const { seq, error } = reply.json<Acknowledgement>()
    if (error || seq === undefined) throw refusal(stream.name, error)
    return seq
  }
  return async (entries) => {
    const link = connection.link()
    for (const entry of entries) assertFits(link, entry)
    if (isDoubtful) await answering(link)
    const { base } = await stream.open(link)
    const results = await Promise.allSettled(entries.map((entry) => publishOne(link, entry)))
    const failure = results.find((result) => result.status === 'rejected')
    isDoubtful = failure !== undefined
    if (failure) {
      stream.doubt()
      throw toUnavailable(stream.name, failure.reason)
    }
    return results.map((result) => ({
      partition: 0,
      position: base + (result as PromiseFulfilledResult<number>).value,
    }))
  }
}

const answering = async ({ nc }: Link): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('NATS does not answer')), answerLimitMs)
  })
  await Promise.race([nc.flush(), limit]).finally(() => clearTimeout(timer))
}

const unavailable = (message: string, { cause, retryAfterS = 1 }: { cause?: unknown; retryAfterS?: number } = {}) =>
  new AppError('unavailable', message, { cause, headers: { 'retry-after': String(retryAfterS) } })

const refusal = (stream: string, error: Acknowledgement['error']): AppError =>
  error && fullCodes.has(error.err_code)
    ? unavailable(`log ${stream} is full`, { cause: error, retryAfterS: 5 })
    : unavailable(`stream ${stream} refused an event: ${error?.description ?? 'no answer of JetStream'}`)

/** What the client says by itself: no answer in time, or no stream. */
const toUnavailable = (stream: string, reason: unknown): AppError =>
  reason instanceof AppError
    ? reason
    : unavailable(`stream ${stream} did not store an event in time`, { cause: reason })
