import { setTimeout as delay } from 'node:timers/promises'
import type { Setting } from './chapter.ts'
import { writeAndRead } from './chapter-writes.ts'
import { type LoopResult, openLoop } from './open-loop.ts'
import type { Popularity } from './popularity.ts'
import type { ProductUsage } from '../process-usage.ts'
import { quantiles } from './quantiles.ts'

const firstRate = 300
const step = 1.25
const searchMs = 4_000
const confirmMs = 15_000
const probePauseMs = 50
const settleLimitMs = 60_000
// A rate is kept when nearly all is accepted and what is on its way at the end is done within this time.
const backlogMaxMs = 1_000
const acceptedShare = 0.99

type Load = Setting & { popularity: Popularity }
type Trial = LoopResult & { settledMs: number; readable: number[]; isKept: boolean; usage: ProductUsage | undefined }

/** A rate that is kept to the end, each event with its notification: the given one, or the highest that a search finds. */
export const measureLoad = async (load: Load, { rate }: { rate: number | undefined }): Promise<void> =>
  confirm(load, rate ?? (await findHighestRate(load)))

const findHighestRate = async (load: Load): Promise<number> => {
  const { recorder } = load
  let best = 0
  for (let rate = firstRate; ; rate *= step) {
    const trial = await tryRate(load, { ratePerSecond: rate, durationMs: searchMs })
    const { p50, p99 } = quantiles(trial.readable)
    recorder.point({ plot: 'readable', series: 'p50', x: rate, y: p50 })
    recorder.point({ plot: 'readable', series: 'p99', x: rate, y: p99 })
    if (!trial.isKept) break
    best = rate
  }
  if (best === 0) throw new Error(`not even ${firstRate} events/s were kept`)
  return best
}

const tryRate = async (
  { product, client, popularity }: Load,
  loop: { ratePerSecond: number; durationMs: number },
): Promise<Trial> => {
  const before = product.usage()
  const stop = new AbortController()
  const probing = probe(client, stop.signal)
  const tag = `load-${process.pid}-${Date.now()}`
  const result = await openLoop(loop, (index) => {
    const { productId, stars } = popularity.draw()
    return client.rate({ productId, stars, reviewer: `reader ${index % 997}`, key: `${tag}-${index}` })
  })
  stop.abort()
  const readable = await probing
  const settledMs = await settle(product)
  const after = product.usage()
  const isKept = result.failed <= result.sent * (1 - acceptedShare) && settledMs <= backlogMaxMs
  return { ...result, readable, settledMs, isKept, usage: before && after && difference(before, after) }
}

/** Writes that are waited for, beside the load. */
const probe = async (client: Setting['client'], signal: AbortSignal): Promise<number[]> => {
  const readable: number[] = []
  while (!signal.aborted) {
    await writeAndRead(client).then(
      ({ readableMs }) => readable.push(readableMs),
      () => {},
    )
    await delay(probePauseMs)
  }
  return readable
}

const settle = async (product: Setting['product']): Promise<number> => {
  const startMs = performance.now()
  while (performance.now() - startMs < settleLimitMs) {
    if ((await product.ledger()).in_flight === 0) break
    await delay(20)
  }
  return performance.now() - startMs
}

const confirm = async (load: Load, best: number): Promise<void> => {
  const { product, client, recorder } = load
  const rated = () => client.metric('ratings', 'ratings_submitted_total')
  const notified = () => client.metric('notification', 'notifications_dispatched_total')
  const before = { rated: await rated(), notified: await notified() }
  const trial = await tryRate(load, { ratePerSecond: best, durationMs: confirmMs })
  const sent = trial.sent - trial.failed + trial.readable.length
  // What was not accepted may be stored all the same: its outcome is unknown.
  const sentAtMost = sent + trial.failed
  const stored = (await rated()) - before.rated
  const told = (await notified()) - before.notified
  const rate = (trial.sent - trial.failed) / ((trial.durationMs + trial.settledMs) / 1_000)
  const { balanced } = await product.ledger()
  recorder.row({
    id: 'rate',
    what: 'sustained to the end, each with its notification',
    unit: 'events/s',
    figures: { value: rate },
    aim: '1,500',
  })
  recorder.row({
    id: 'load-accepted',
    what: 'POST → stored durably, at that rate',
    unit: 'ms',
    figures: quantiles(trial.latenciesMs),
    aim: '',
  })
  recorder.row({
    id: 'load-readable',
    what: 'POST → row readable, at that rate',
    unit: 'ms',
    figures: quantiles(trial.readable),
    aim: '',
  })
  recorder.row({
    id: 'loss',
    what: `of ${sent} accepted events, by the services' own counts`,
    unit: balanced ? '(ledger balanced)' : '(ledger NOT BALANCED)',
    figures: {
      lost: Math.max(0, sent - Math.min(stored, told)),
      twice: Math.max(0, Math.max(stored, told) - sentAtMost),
    },
    aim: '0, 0',
  })
  if (trial.usage !== undefined) recordCost(load, trial.usage, sent)
}

const recordCost = ({ product, recorder }: Load, { node, postgres }: ProductUsage, sent: number): void => {
  const figures = {
    node: node.cpuMs / sent,
    postgres: postgres.cpuMs / sent,
    all: (node.cpuMs + postgres.cpuMs) / sent,
  }
  recorder.row({ id: 'cpu', what: 'CPU per event, without the load generator', unit: 'ms', figures, aim: 'all 0.8' })
  const memory = product.usage()
  if (memory !== undefined) {
    const all = memory.node.megabytes + memory.postgres.megabytes
    const megabytes = { node: memory.node.megabytes, postgres: memory.postgres.megabytes, all }
    recorder.row({ id: 'memory-load', what: 'memory after that load', unit: 'MB', figures: megabytes, aim: 'all 400' })
  }
}

const difference = (before: ProductUsage, after: ProductUsage): ProductUsage => ({
  node: { cpuMs: after.node.cpuMs - before.node.cpuMs, megabytes: after.node.megabytes },
  postgres: { cpuMs: after.postgres.cpuMs - before.postgres.cpuMs, megabytes: after.postgres.megabytes },
})
