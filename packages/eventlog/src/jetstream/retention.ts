import { setTimeout as delay } from 'node:timers/promises'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { OpenStream } from './stream.ts'

/** How long and how much of a finished log is kept. */
export type Retention = { ageMs: number; bytes: number }

const intervalMs = 60_000
const stepEntries = 5_000

/** Does the work now and then until the signal aborts; resolves when it has ended. */
export const regularly = async (work: () => Promise<void>, { signal }: { signal: AbortSignal }): Promise<void> => {
  const pause = () => delay(intervalMs, undefined, { signal, ref: false }).catch(() => {})
  for (await pause(); !signal.aborted; await pause()) await work()
}

/**
 * Removes from the front of a stream what is old, or above the size, and never what one of our readers has not committed or another
 * durable consumer of the stream has not acknowledged.
 */
export const trimStream = async (
  jsm: JetStreamManager,
  { stream, committed, retention }: { stream: OpenStream; committed: readonly number[]; retention: Retention },
): Promise<void> => {
  const { name, base } = stream
  const last = Math.min(stream.upto, ...committed) - base
  const finished = Math.min(last, ...(await acknowledged(jsm, name)))
  for (;;) {
    const { state } = await jsm.streams.info(name)
    const step = Math.min(state.first_seq + stepEntries - 1, finished)
    if (step < state.first_seq) return
    const newest = await jsm.streams.getMessage(name, { seq: step })
    const isOld = newest !== null && Date.now() - newest.time.getTime() > retention.ageMs
    if (!isOld && state.bytes <= retention.bytes) return
    await jsm.streams.purge(name, { seq: step + 1 })
  }
}

/** How far other people's durable consumers of a stream are. */
const acknowledged = async (jsm: JetStreamManager, name: string): Promise<number[]> => {
  const sequences: number[] = []
  for await (const { config, ack_floor: floor } of jsm.consumers.list(name)) {
    if (config.durable_name !== undefined && config.ack_policy !== 'none') sequences.push(floor.stream_seq)
  }
  return sequences
}
