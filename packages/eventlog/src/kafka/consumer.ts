import { setTimeout as delay } from 'node:timers/promises'
import type { Consumer as KafkaConsumer } from '@platformatic/kafka'
import type { Journal, Piece, Place } from '../journal/journal.ts'
import type { Consumer, ConsumerOptions, Entry } from '../port.ts'
import { createWakeUp } from '../signal.ts'
import type { Brokers, Client } from './client.ts'
import type { Codec } from './codec.ts'
import { fetchPieces, isOutOfRange, partitionLeaders } from './fetch.ts'
import { joinGroup, type Membership } from './membership.ts'
import type { Topics } from './topics.ts'

const readyMax = 2_000
const idleMs = 1_000
const troublePauseMs = 200

type Needs = {
  client: Client
  brokers: Brokers
  topics: Topics
  journal: Journal
  topic: string
  codec: Codec
  sessionMs: number
  catchUp: () => Promise<void>
  /** Said once for each time that reading fails. */
  onProblem: (error: unknown) => void
  onClose: () => void
}

/** A partition that is this reader's now; `readUpTo` is what it has taken from the broker. */
type Held = { partition: number; readUpTo: number }

/** Reads one log under one name as a member of a consumer group; its cursor is in the journal, beside the outcomes. */
export const createConsumer = (needs: Needs, options: ConsumerOptions, start: readonly Place[]): Consumer => {
  const { client, brokers, topics, journal, topic, codec, sessionMs, onProblem } = needs
  const { log, name, subjects, group = log } = options
  const committed = new Map(start.map(({ partition, position }) => [partition, position]))
  const wanted = subjects === undefined ? undefined : new Set(subjects)
  const closed = new AbortController()
  const [arrived, changed] = [createWakeUp(), createWakeUp()]
  let held = new Map<number, Held>()
  let ready: Entry[] = []
  let isTroubled = false
  let membership: Membership | undefined
  let pumping: Promise<void> | undefined

  const trouble = async (error: unknown) => {
    if (!isTroubled && !closed.signal.aborted) onProblem(error)
    isTroubled = true
    await delay(troublePauseMs, undefined, { signal: closed.signal }).catch(() => {})
  }

  /** What stays with us goes on where it is; what is new goes on where the last holder left off. */
  const take = async (partitions: readonly number[]): Promise<void> => {
    const places = await journal.cursor({ log, name, start: [] })
    for (const { partition, position } of places)
      committed.set(partition, Math.max(position, committed.get(partition) ?? 0))
    held = new Map(
      partitions.map((partition) => [
        partition,
        held.get(partition) ?? { partition, readUpTo: committed.get(partition) ?? 0 },
      ]),
    )
    ready = ready.filter(({ partition }) => held.has(partition))
    changed.wake()
  }
  let taking: Promise<void> = Promise.resolve()
  const onAssigned = (partitions: readonly number[]) => {
    taking = taking.then(async () => {
      for (let isTaken = false; !isTaken && !closed.signal.aborted; )
        isTaken = await take(partitions).then(
          () => true,
          async (error) => (await trouble(error), false),
        )
    })
  }

  const accept = async (asked: ReadonlyMap<number, Held>, piece: Piece): Promise<void> => {
    const entries = await journal.note(log, piece)
    const place = asked.get(piece.partition)
    // It may be another reader's by now.
    if (place === undefined || held.get(piece.partition) !== place) return
    place.readUpTo = piece.upto
    ready.push(...(wanted === undefined ? entries : entries.filter(({ subject }) => wanted.has(subject))))
    arrived.wake()
  }

  const fetchFrom = async (consumer: KafkaConsumer, node: number, places: readonly Held[]): Promise<void> => {
    const asked = new Map(places.map((place) => [place.partition, place]))
    try {
      const from = places.map(({ partition, readUpTo }) => ({ partition, after: readUpTo }))
      const pieces = await fetchPieces(consumer, { topic, node, wanted: from, codec })
      for (const piece of pieces) await accept(asked, piece)
      isTroubled = false
    } catch (error) {
      if (isOutOfRange(error)) await skipRemoved(places)
      await trouble(error)
    }
  }
  const skipRemoved = async (places: readonly Held[]): Promise<void> => {
    const extents = await topics.extents(topic).catch(() => [])
    for (const { partition, from } of extents)
      for (const place of places) if (place.partition === partition && place.readUpTo < from) place.readUpTo = from
  }

  /** Keeps one request open at each broker that leads one of our partitions, while readers keep up. */
  const pump = async (consumer: KafkaConsumer): Promise<void> => {
    const running = new Map<number, Promise<void>>()
    while (!closed.signal.aborted) {
      if (held.size === 0 || ready.length >= readyMax) {
        await changed.wait({ limitMs: idleMs, signal: closed.signal })
        continue
      }
      try {
        const leaders = await partitionLeaders(consumer, topic)
        const byNode = Map.groupBy(held.values(), ({ partition }) => leaders.get(partition) ?? -1)
        for (const [node, places] of byNode) {
          if (running.has(node)) continue
          running.set(
            node,
            fetchFrom(consumer, node, places).finally(() => running.delete(node)),
          )
        }
        await Promise.race(running.values())
      } catch (error) {
        await trouble(error)
      }
    }
    await Promise.all(running.values())
  }
  const begin = () => {
    if (membership !== undefined || closed.signal.aborted) return
    membership = joinGroup(client, { brokers, topic, group: `${group}.${name}`, sessionMs, onAssigned, onProblem })
    pumping = pump(membership.consumer)
  }

  return {
    read: async ({ max, signal }) => {
      begin()
      const until = AbortSignal.any([signal, closed.signal])
      while (!until.aborted) {
        if (ready.length > 0) {
          const entries = ready.splice(0, max)
          if (ready.length < readyMax) changed.wake()
          return entries
        }
        await arrived.wait({ limitMs: idleMs, signal: until })
      }
      return []
    },
    commit: async (partition, position) => {
      if (position <= (committed.get(partition) ?? 0)) return
      await journal.commit({ log, name }, { partition, position })
      committed.set(partition, Math.max(position, committed.get(partition) ?? 0))
      membership?.tell(partition, position)
    },
    committed: () => committed,
    lag: async () => {
      await needs.catchUp()
      return journal.lag({ log, name, subjects })
    },
    close: async () => {
      closed.abort()
      needs.onClose()
      await membership?.close()
      await pumping
      await taking
    },
  }
}
