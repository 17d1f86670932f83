import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '@bookinfo/errors'
import type { Consumer, Entry, EventLog } from '@bookinfo/eventlog'
import type { Logger } from '@bookinfo/logging'
import { childOf, formatTraceparent, parseTraceparent } from '@bookinfo/telemetry'
import type { CloudEvent } from '../event.ts'
import type { Input } from '../eventbus/inputs.ts'
import type { Completion, Finished, Outcome, RegisteredInput, State } from '../state/types.ts'
import type { TriggerKinds } from '../triggers/kinds.ts'
import { createHolder } from './holder.ts'
import type { SensorMetrics } from './metrics.ts'
import type { TriggerPlan } from './plan.ts'
import { createScheduler, type Slot } from './scheduler.ts'
import { type RunResult, runTrigger } from './trigger-run.ts'
import { createWindow, type Window } from './window.ts'

const readMax = 256
const windowMax = 1_000
const parkedMax = 100_000
const commitEvery = 256
const commitPauseMs = 250
const troublePauseMs = 250
const firstParkedRetryMs = 1_000

export type TriggerConsumerNeeds = {
  eventLog: EventLog
  state: State
  kinds: TriggerKinds
  logger: Logger
  metrics: SensorMetrics
  random: () => number
}

type Reader = {
  input: Input
  inputs: Map<string, { id: number; input: Input }>
  consumer: Consumer
  partitions: Map<number, { window: Window; committed: number }>
}

export type ConsumerStatus = {
  name: string
  sensor: string
  trigger: string
  lag: number
  in_flight: number
  backing_off: number
  parked: number
  last_error: string | null
}

/** One trigger at work: reads its events in order, decides, calls, and moves on only when the outcome is recorded. */
export type TriggerConsumer = {
  name: string
  /** Makes its cursors exist: from here on nothing is missed. */
  register(): Promise<void>
  start(): void
  stop(): Promise<void>
  status(): Promise<ConsumerStatus>
  /** Runs the trigger again for a parked event. */
  retryParked(id: number): Promise<RunResult['end'] | 'gone'>
}

/** Puts one trigger to work. */
export const createTriggerConsumer = (plan: TriggerPlan, needs: TriggerConsumerNeeds): TriggerConsumer => {
  const { eventLog, state, kinds, logger, metrics, random } = needs
  const { sensor, trigger } = plan
  const scheduler = createScheduler({ max: plan.maxInFlight })
  const stopped = new AbortController()
  const readers: Reader[] = []
  const loops: Promise<void>[] = []
  const recording = new Set<Promise<void>>()
  const holder = createHolder({ plan, state })
  let lastError: string | null = null
  let mayBeFull = true
  let wakeWindow: (() => void) | undefined

  const onAttempt = ({ error, durationMs }: { error: string | null; durationMs: number }) => {
    metrics.attempted(
      { sensor: sensor.name, trigger: trigger.template.name },
      { durationMs, hasFailed: error !== null },
    )
    if (error !== null) lastError = error
  }
  const run = (events: ReadonlyMap<string, CloudEvent>, headers: Record<string, string>, slot: Slot) =>
    runTrigger({ kinds, random, onAttempt }, { plan, events, headers, slot })

  /** The state must not fail for good while the database is away: what is known waits here. */
  const persist = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (stopped.signal.aborted) throw error
        lastError = describeError(error)
        await delay(troublePauseMs)
      }
    }
  }

  /** A stop may end work early: what was not recorded as ended comes again at the next start. */
  const unlessStopped = (error: unknown) => {
    if (!stopped.signal.aborted) throw error
  }

  const finish = async (reader: Reader, completion: Completion): Promise<void> => {
    await persist(() => state.complete(completion))
    const { partition, position } = completion.finished
    const place = reader.partitions.get(partition)
    place?.window.finish(position)
    wakeWindow?.()
    if (place && place.window.low() - place.committed >= commitEvery) commit(reader)
  }
  const commit = (reader: Reader) => {
    for (const [partition, place] of reader.partitions) {
      const low = place.window.low()
      if (low <= place.committed) continue
      place.committed = low
      void reader.consumer.commit(partition, low).catch(() => {})
    }
  }
  /** What this trigger has open of a partition, which begins where the last holder left off. */
  const openPartition = async (reader: Reader, partition: number): Promise<void> => {
    const committed = reader.consumer.committed().get(partition) ?? 0
    const finished = new Set<number>()
    for (const { id: inputId } of reader.inputs.values())
      for (const position of await state.finishedAfter({ inputId, partition, position: committed }))
        finished.add(position)
    reader.partitions.set(partition, { window: createWindow(committed, finished), committed })
  }
  const openSize = (reader: Reader) =>
    [...reader.partitions.values()].reduce((sum, { window }) => sum + window.size(), 0)

  const deliver = async (
    reader: Reader,
    inputId: number,
    entry: Entry,
    event: CloudEvent,
    dependency: string,
  ): Promise<void> => {
    const headers = contextHeaders(entry)
    const base = {
      inputId,
      partition: entry.partition,
      position: entry.position,
      eventId: eventId(entry),
      origin: entry.origin,
      traceId: traceId(entry),
    }
    const startedAt = new Date()
    const stored = { dependency, event, headers }
    const decision = holder.decide(stored, { inputId, partition: entry.partition, position: entry.position })
    if (decision.kind === 'hold') {
      const finished: Finished = { ...base, outcome: 'held', attempts: [], reason: null, startedAt }
      await finish(reader, {
        finished,
        hold: { consumer: plan.name, stored },
        ...(decision.settled && { settled: decision.settled }),
      })
      return
    }
    scheduler.schedule(plan.partitionKey(event, entry), async (slot) => {
      const result = await run(decision.events, headers, slot)
      if (result.end === 'stopped') return
      const finished: Finished = {
        ...base,
        outcome: result.end,
        attempts: result.attempts,
        reason: result.reason,
        startedAt,
      }
      const parking =
        result.end === 'parked' ? { events: decision.stored, retryAt: retryTime(result.retriesItself, 0) } : undefined
      if (parking) mayBeFull = true
      const settled = decision.settle(result.end === 'parked' ? 'superseded' : result.end)
      if (result.end !== 'applied') report(result.end, base.eventId, result.reason)
      const recorded = finish(reader, { finished, ...(parking && { parking }), ...(settled && { settled }) })
      if (result.end === 'applied' && !settled) leaveToRecord(recorded)
      else await recorded.catch(unlessStopped)
    })
  }
  /** The next event of a key need not wait for the record of a success: after a crash, a repeat of it changes nothing. */
  const leaveToRecord = (recorded: Promise<void>) => {
    recording.add(recorded)
    recorded.catch(() => {}).finally(() => recording.delete(recorded))
  }
  const report = (outcome: Outcome, id: string, reason: string | null) => {
    metrics.exhausted({ sensor: sensor.name, trigger: trigger.template.name })
    logger.warn('event not applied', {
      sensor: sensor.name,
      trigger: trigger.template.name,
      event_id: id,
      outcome,
      reason,
    })
  }

  const take = async (reader: Reader, entry: Entry): Promise<void> => {
    const known = reader.inputs.get(entry.subject)
    if (!reader.partitions.has(entry.partition)) await persist(() => openPartition(reader, entry.partition))
    if (known === undefined || !reader.partitions.get(entry.partition)?.window.begin(entry.position)) return
    const { id: inputId, input } = known
    const event = input.toEvent(entry)
    const reasons: string[] = []
    if (typeof event === 'string') reasons.push(event)
    else {
      for (const dependency of plan.dependencies) {
        if (dependency.log !== input.log || dependency.subject !== input.subject) continue
        const verdict = dependency.judge(event)
        if (verdict.pass) return deliver(reader, inputId, entry, verdict.event, dependency.name)
        reasons.push(`${dependency.name}: ${verdict.error ?? verdict.reasons.join('; ')}`)
      }
    }
    const finished: Finished = {
      inputId,
      partition: entry.partition,
      position: entry.position,
      eventId: eventId(entry),
      origin: entry.origin,
      outcome: 'filtered',
      attempts: [],
      reason: reasons.join('; ') || null,
      traceId: traceId(entry),
      startedAt: new Date(),
    }
    void finish(reader, { finished }).catch(() => {})
  }

  /** Asked again only after this trigger parked something: nothing else adds to its parked events. */
  const isParkingFull = async (): Promise<boolean> => {
    if (!mayBeFull) return false
    mayBeFull = false
    const isFull = (await state.parkedCount(plan.name).catch(() => 0)) >= parkedMax
    if (isFull) mayBeFull = true
    return isFull
  }

  const loop = async (reader: Reader): Promise<void> => {
    while (!stopped.signal.aborted) {
      if (openSize(reader) >= windowMax || (await isParkingFull())) {
        await new Promise<void>((resolve) => {
          wakeWindow = resolve
          setTimeout(resolve, commitPauseMs)
        })
        continue
      }
      const entries = await reader.consumer.read({ max: readMax, signal: stopped.signal })
      for (const entry of entries) await take(reader, entry)
    }
  }
  const runLoop = (reader: Reader): Promise<void> => loop(reader).catch(unlessStopped)

  const openReaders = async (registered: RegisteredInput[]): Promise<void> => {
    for (const [log, inputs] of Map.groupBy(plan.inputs, (input) => input.log)) {
      const subjects = inputs.map(({ subject }) => subject)
      const { start = 'latest', group } = inputs[0] ?? {}
      const consumer = await eventLog.consumer({ log, name: plan.name, start, subjects, ...(group && { group }) })
      readers.push({ input: inputs[0] as Input, inputs: new Map(), consumer, partitions: new Map() })
      void registered
    }
  }

  return {
    name: plan.name,
    register: async () => {
      await openReaders([])
      const inputs = plan.inputs.map(({ log, subject }) => ({ log, subject }))
      const registered = await state.register({
        name: plan.name,
        sensor: sensor.name,
        trigger: trigger.template.name,
        inputs,
      })
      await holder.load()
      for (const reader of readers) {
        for (const [index, { id, log, subject }] of registered.entries()) {
          if (log !== reader.input.log) continue
          reader.inputs.set(subject, { id, input: plan.inputs[index] as Input })
        }
        for (const partition of reader.consumer.committed().keys()) await openPartition(reader, partition)
      }
    },
    start: () => {
      for (const reader of readers) loops.push(runLoop(reader))
      const committing = setInterval(() => readers.forEach(commit), commitPauseMs)
      const retrying = setInterval(() => void retryDue(), firstParkedRetryMs)
      committing.unref()
      retrying.unref()
      stopped.signal.addEventListener('abort', () => {
        clearInterval(committing)
        clearInterval(retrying)
      })
    },
    stop: async () => {
      stopped.abort()
      wakeWindow?.()
      await Promise.all([scheduler.stop(), ...loops])
      await Promise.allSettled(recording)
      for (const { consumer, partitions } of readers) {
        for (const [partition, { window }] of partitions) await consumer.commit(partition, window.low()).catch(() => {})
        await consumer.close()
      }
    },
    status: async () => {
      const lags = await Promise.all(readers.map(({ consumer }) => consumer.lag()))
      return {
        name: plan.name,
        sensor: sensor.name,
        trigger: trigger.template.name,
        lag: lags.reduce((sum, lag) => sum + lag, 0),
        in_flight: scheduler.running(),
        backing_off: scheduler.pausing(),
        parked: await state.parkedCount(plan.name),
        last_error: lastError,
      }
    },
    retryParked: (id) => retryParked(id),
  }

  async function retryDue(): Promise<void> {
    const due = await state.parked({ consumer: plan.name, dueBefore: new Date(), limit: 50 }).catch(() => [])
    for (const { id } of due) await retryParked(id).catch(() => {})
  }

  async function retryParked(id: number): Promise<RunResult['end'] | 'gone'> {
    const parked = await state.findParked(id)
    if (parked === undefined) return 'gone'
    const events = new Map(parked.events.map(({ dependency, event }) => [dependency, event]))
    return new Promise((resolve, reject) => {
      scheduler.schedule(`parked:${id}`, async (slot) => {
        try {
          const result = await run(events, parked.events.at(-1)?.headers ?? {}, slot)
          if (result.end !== 'stopped') {
            const retryAt = result.end === 'parked' ? retryTime(result.retriesItself, parked.retries + 1) : null
            const attempts = [...parked.attempts, ...result.attempts].slice(-attemptsKept)
            await state.settleParked(id, { outcome: result.end, attempts, reason: result.reason, retryAt })
          }
          resolve(result.end)
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}

const attemptsKept = 50
const longestParkedRetryMs = 60_000

const retryTime = (retriesItself: boolean, retries: number): Date | null =>
  retriesItself ? new Date(Date.now() + Math.min(firstParkedRetryMs * 2 ** retries, longestParkedRetryMs)) : null

/** A topic's record is known by the event it carries, not by its place. */
const eventId = ({ id, headers }: Entry): string => headers.ce_id ?? id

const traceId = ({ headers }: Entry): string | null => parseTraceparent(headers.traceparent)?.traceId ?? null

const contextHeaders = ({ headers }: Entry): Record<string, string> => {
  const trace = parseTraceparent(headers.traceparent)
  const requestId = headers['x-request-id']
  return {
    ...(trace && { traceparent: formatTraceparent(childOf(trace)) }),
    ...(requestId && { 'x-request-id': requestId }),
  }
}
