import type { Origin } from '@bookinfo/eventlog'
import type { CloudEvent } from '../event.ts'

/** How a delivery can end, and `held`: kept for a condition that still lacks other events. */
export type Outcome = 'applied' | 'filtered' | 'superseded' | 'dead' | 'parked' | 'held'

/** One try of a trigger. */
export type Attempt = { at: string; durationMs: number; status: number | null; error: string | null }

/** A delivery: one event for one trigger, known by the trigger's input and the entry's place there. */
export type DeliveryRef = { inputId: number; partition: number; position: number }

export type Finished = DeliveryRef & {
  eventId: string
  origin: Origin
  outcome: Outcome
  attempts: readonly Attempt[]
  /** Why it ended so, when that is not plain. */
  reason: string | null
  traceId: string | null
  startedAt: Date
}

/** What a trigger needs to run again later, whatever happens to the log meanwhile. */
export type StoredEvent = { dependency: string; event: CloudEvent; headers: Record<string, string> }

export type Parking = {
  events: readonly StoredEvent[]
  /** When it is tried again by itself; null when it waits for a person. */
  retryAt: Date | null
}

/** Everything that changes together when a delivery ends. */
export type Completion = {
  finished: Finished
  /** Set when the outcome is `parked`. */
  parking?: Parking
  /** Set when the outcome is `held`: the dependency whose newest event this is. */
  hold?: { consumer: string; stored: StoredEvent }
  /** Held deliveries that end together with this one, each with its outcome. */
  settled?: readonly (DeliveryRef & { outcome: Outcome; consumer: string; dependency: string })[]
}

export type ParkedEvent = DeliveryRef & {
  id: number
  consumer: string
  eventId: string
  reason: string | null
  attempts: readonly Attempt[]
  events: readonly StoredEvent[]
  retryAt: Date | null
  retries: number
  parkedAt: Date
}

export type HeldEvent = DeliveryRef & { dependency: string; stored: StoredEvent }

/** A trigger as the ledger knows it, with the logs it reads. */
export type ConsumerSpec = { name: string; sensor: string; trigger: string; inputs: { log: string; subject: string }[] }
export type RegisteredInput = { id: number; log: string; subject: string }

export type LedgerFigures = {
  deliveries: number
  applied: number
  filtered: number
  superseded: number
  dead: number
  parked: number
  in_flight: number
}
export type LedgerRow = LedgerFigures & { consumer: string; origin: Origin }

export type DeliveryRecord = {
  sensor: string
  trigger: string
  outcome: Outcome
  reason: string | null
  origin: Origin
  attempts: readonly Attempt[]
  startedAt: Date
  finishedAt: Date
  eventId: string
  traceId: string | null
}

/** What the runtime remembers beside the logs: how every delivery ended, what is parked, what is held. */
export type State = {
  /**
   * Makes the triggers' inputs known, once their cursors exist: from here on the ledger counts what their logs receive. Returns each
   * input's id, in the order given.
   */
  register(consumer: ConsumerSpec): Promise<RegisteredInput[]>
  /** Triggers that were registered before and are not among these names. */
  forgotten(names: readonly string[]): Promise<{ name: string; inputs: RegisteredInput[] }[]>
  /** Marks a trigger as removed; its past stays in the ledger. */
  retire(name: string): Promise<void>
  /**
   * Records how deliveries ended; what arrives together is recorded together. A delivery that was recorded before is left as it was.
   * Durable at once for what is parked; for the rest a crash of the database may undo the newest, which only means another delivery.
   */
  complete(completion: Completion): Promise<void>
  /** Positions of a partition after the given one that have ended already. */
  finishedAfter(after: DeliveryRef): Promise<Set<number>>
  held(consumer: string): Promise<HeldEvent[]>
  parked(options: { consumer?: string; dueBefore?: Date; limit: number; beforeId?: number }): Promise<ParkedEvent[]>
  parkedCount(consumer: string): Promise<number>
  findParked(id: number): Promise<ParkedEvent | undefined>
  /** Ends a parked delivery as applied or dead, or parks it again with another reason and time. */
  settleParked(
    id: number,
    result: {
      outcome: 'applied' | 'dead' | 'parked'
      attempts: readonly Attempt[]
      reason: string | null
      retryAt: Date | null
    },
  ): Promise<void>
  /** The figures of every consumer by origin, all from one moment. */
  ledger(): Promise<LedgerRow[]>
  /** Deliveries of one event, or of all events of one trace, oldest first. */
  deliveries(by: { eventId: string } | { traceId: string }): Promise<DeliveryRecord[]>
  /** The newest deliveries, newest first. */
  recent(options: { limit: number; trigger?: string; outcome?: Outcome }): Promise<DeliveryRecord[]>
  close(): Promise<void>
}
