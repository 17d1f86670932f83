import type { Entry } from '../port.ts'
import { toEntry } from './codec.ts'
import type { Connection, Link } from './connection.ts'
import { positionBase, streamName } from './streams.ts'
import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'

/** A stream that is there, with what it holds: positions after `from`, up to `upto`. Its base and a message's number make a position. */
export type OpenStream = { name: string; base: number; from: number; upto: number; isEmpty: boolean }

/** The stream of a log: made when it is missing, and looked at again after each break of the connection. */
export type LogStream = {
  name: string
  open(link: Link): Promise<OpenStream>
  /** The stream as it is at this moment. */
  look(link: Link): Promise<OpenStream>
  /** The entry at a position, while retention keeps it. */
  entryAt(link: Link, position: number): Promise<Entry | undefined>
  /** It may be gone or another one. */
  doubt(): void
}

/** Makes a stream when it is missing, and tells how it is. */
type Prepare = (jsm: JetStreamManager, name: string) => Promise<StreamInfo>

/** Knows the stream of one log. */
export const createLogStream = (connection: Connection, log: string, prepare: Prepare): LogStream => {
  const name = streamName(log)
  let opening: Promise<OpenStream> | undefined
  const look = async ({ jsm }: Link): Promise<OpenStream> => {
    const { created, state } = await prepare(jsm, name)
    const base = positionBase(created)
    const upto = base + state.last_seq
    const isEmpty = state.messages === 0
    return { name, base, from: isEmpty ? upto : base + state.first_seq - 1, upto, isEmpty }
  }
  const doubt = () => void (opening = undefined)
  connection.onChange(doubt)
  const open = (link: Link): Promise<OpenStream> => {
    const asked = (opening ??= look(link))
    asked.catch(() => opening === asked && doubt())
    return asked
  }
  return {
    name,
    look,
    open,
    entryAt: async (link, position) => {
      const { base } = await open(link)
      if (position <= base) return undefined
      const found = await link.jsm.streams.getMessage(name, { seq: position - base })
      if (found === null) return undefined
      const { subject, header: headers, data, time } = found
      return toEntry({ stream: name, subject, position, time, headers, data })
    },
    doubt,
  }
}
