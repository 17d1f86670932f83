import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Product, startProduct } from '../../cli/src/product.ts'
import { waitFor } from '@bookinfo/testing'
import { freeOffset } from '../e2e/start.ts'
import { takeAccount } from './account.ts'
import { createClients } from './clients.ts'
import type { Fault } from './faults.ts'
import { createRandom } from './random.ts'

const clientCount = 6
const calmMs = { least: 700, most: 2_500 }
const settleLimitMs = 120_000
// Longer than the longest pause of an outbox that could not publish.
const quietMs = 6_000
const lookMs = 100

export type ChaosOptions = {
  seed: number
  faults: readonly Fault[]
  /** How many faults, drawn with the seed; every fault once, in an order drawn with the seed, when absent. */
  count?: number
  processes: boolean
  report?: (line: string) => void
}

/** What was wrong, an empty list when nothing was; and how much went through. */
export type ChaosResult = { problems: string[]; sent: number; accepted: number }

/**
 * Breaks the product while clients write to it, lets it come to rest, and compares what the clients saw with what can be read. The same
 * seed breaks the same things in the same order.
 */
export const runChaos = async ({
  seed,
  faults,
  count,
  processes,
  report = () => {},
}: ChaosOptions): Promise<ChaosResult> => {
  const random = createRandom(seed)
  const dataDir = mkdtempSync(join(tmpdir(), 'bookinfo-chaos-'))
  const portOffset = await freeOffset()
  const product = await startProduct(dataDir, { portOffset, options: processes ? ['--processes'] : [] })
  try {
    const stop = new AbortController()
    const clients = createClients({ gateway: product.addresses.gateway, count: clientCount, tag: `s${seed}` })
    const running = clients.run(stop.signal)
    const calm = () => delay(calmMs.least + random.next() * (calmMs.most - calmMs.least))
    await calm()
    for (const fault of draw(faults, count, random)) {
      report(fault.name)
      await fault.inflict(product)
      await calm()
    }
    stop.abort()
    const { sent, offences } = await running
    await settle(product)
    const { balanced, parked } = await product.ledger()
    const problems = [
      ...offences.slice(0, 10).map(({ reviewer, what }) => `${reviewer}: ${what}`),
      ...(balanced ? [] : ['the ledger does not balance']),
      ...(parked === 0 ? [] : [`${parked} deliveries are parked`]),
      ...(await takeAccount(product, sent)),
    ]
    return { problems, sent: sent.length, accepted: sent.filter(({ isAccepted }) => isAccepted).length }
  } finally {
    await product.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const draw = (
  faults: readonly Fault[],
  count: number | undefined,
  random: ReturnType<typeof createRandom>,
): Fault[] => {
  if (count !== undefined) return Array.from({ length: count }, () => random.pick(faults))
  const left = [...faults]
  return faults.map(() => left.splice(Math.floor(random.next() * left.length), 1)[0] as Fault)
}

/** Until nothing is on its way for a while: a killed service's outbox may still hold events that no log knows. */
const settle = async (product: Product): Promise<void> => {
  let quietSince: number | undefined
  const look = async () => {
    await delay(lookMs)
    const { in_flight: inFlight, parked, deliveries } = await product.ledger()
    if (inFlight > 0 || parked > 0 || deliveries !== last) quietSince = undefined
    else quietSince ??= performance.now()
    last = deliveries
    return quietSince !== undefined && performance.now() - quietSince > quietMs
  }
  let last = -1
  await waitFor('everything to come to rest', () => look().catch(() => false), { limitMs: settleLimitMs })
}
