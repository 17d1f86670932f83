import { AppError } from '@bookinfo/errors'
import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream'
import { toToken } from './names.ts'

/** How much a stream may hold before it refuses new entries; no limit ever discards one. */
export type StreamLimits = { entriesMax: number; bytesMax: number }

export const streamLimits: StreamLimits = { entriesMax: 20_000_000, bytesMax: -1 }

// Repeats within this time are known to the server by their message id; later ones are known by what is kept of event ids.
const duplicateWindowMs = 120_000
const nanosPerMs = 1_000_000

const streamExists = 10_058

/** The name of the stream that carries a log; a topic's is the topic's own. */
export const streamName = (log: string): string => toToken(log)

const common = (name: string, { entriesMax, bytesMax }: StreamLimits): Partial<StreamConfig> & { name: string } => ({
  name,
  subjects: [name, `${name}.>`],
  storage: 'file',
  retention: 'limits',
  discard: 'new',
  max_msgs: entriesMax,
  max_bytes: bytesMax,
  duplicate_window: duplicateWindowMs * nanosPerMs,
})

type Ensured = { name: string; limits: StreamLimits; maxAgeMs: number }

/** Makes a stream unless it is there, whoever made it; the last part of a topic's life that nobody reads ends after `maxAgeMs`. */
export const ensureStream = async (jsm: JetStreamManager, { name, limits, maxAgeMs }: Ensured): Promise<StreamInfo> => {
  try {
    return await jsm.streams.add({ ...common(name, limits), max_age: maxAgeMs * nanosPerMs })
  } catch (error) {
    if (apiCode(error) !== streamExists) throw refused(error, name)
    return jsm.streams.info(name)
  }
}

/**
 * Makes the stream of a log that we read, or takes charge of one that is there: from here on it refuses when it is full, and only
 * what every reader has finished is removed.
 */
export const adoptStream = async (
  jsm: JetStreamManager,
  { name, limits }: { name: string; limits: StreamLimits },
): Promise<StreamInfo> => {
  const info = await ensureStream(jsm, { name, limits, maxAgeMs: 0 })
  const { discard, max_age: maxAge, subjects } = info.config
  const wanted = common(name, limits).subjects as string[]
  if (discard === 'new' && maxAge === 0 && wanted.every((subject) => subjects.includes(subject))) return info
  const all = [...new Set([...subjects, ...wanted])]
  return jsm.streams.update(name, { ...info.config, discard: 'new', max_age: 0, subjects: all })
}

/** The server's own number for what went wrong. */
const apiCode = (error: unknown): number | undefined => {
  const code = (error as { code?: unknown }).code
  return typeof code === 'number' ? code : undefined
}

const refused = (cause: unknown, name: string): AppError =>
  new AppError('unavailable', `stream ${name} cannot be opened`, { cause, headers: { 'retry-after': '5' } })

// A stream that was deleted and made again starts its numbers again; positions must not. Faster than this none can grow.
const entriesPerMsMax = 100
const epochMs = Date.UTC(2025, 0, 1)

/** What is added to a stream's numbers to make positions that no earlier stream of that name ever gave. */
export const positionBase = (created: string): number => Math.max(0, Date.parse(created) - epochMs) * entriesPerMsMax
