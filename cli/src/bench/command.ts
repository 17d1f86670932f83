import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseUpOptions } from '../up/options.ts'
import { startSystem, type System } from '../up/system.ts'
import { createLoadClient, quantiles } from './client.ts'

const portOffset = 18_000
const unloadedWrites = 300
const loadMs = 10_000
const loadCallers = 48
const pageViews = 500
const pollMs = 0
const settleLimitMs = 60_000

const say = (what: string, value: string, aim: string): void =>
  void process.stdout.write(`${what.padEnd(52)} ${value.padEnd(34)} ${aim}\n`)
const ms = (value: number): string => `${value.toFixed(1)} ms`

/** `npm run bench`: measures the whole system on this machine, load generator included, and prints it beside the aims. */
export const bench = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bookinfo-bench-'))
  const options = parseUpOptions(['--data', dataDir, '--port-offset', String(portOffset), '--books', '0'])
  say('what', 'measured', 'aim')
  try {
    const freshMs = await startOnce(options)
    say('start, new data directory', ms(freshMs), '4,000 ms')
    const startMs = performance.now()
    const system = await startSystem(options)
    say('start, data kept', ms(performance.now() - startMs), '2,000 ms')
    await measure(system)
    await system.close()
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const startOnce = async (options: Parameters<typeof startSystem>[0]): Promise<number> => {
  const startMs = performance.now()
  const system = await startSystem(options)
  const tookMs = performance.now() - startMs
  await system.close()
  return tookMs
}

const measure = async (system: System): Promise<void> => {
  const client = createLoadClient({
    gateway: system.addresses.gateway,
    ratings: system.addresses.services.ratings as string,
  })
  say('memory of the process when idle', megabytes(), '250 MB with the database')
  await measureWrites(client)
  await measureLoad(system, client)
  await measurePages(client)
  say('memory of the process after load', megabytes(), '400 MB with the database')
  await client.close()
}

type Client = ReturnType<typeof createLoadClient>

const measureWrites = async (client: Client): Promise<void> => {
  const accepted: number[] = []
  const readable: number[] = []
  for (let index = 0; index < unloadedWrites; index += 1) {
    const productId = `bench-single-${index}`
    const startMs = performance.now()
    await client.rate(productId, productId)
    accepted.push(performance.now() - startMs)
    while ((await client.count(productId)) === 0) await delay(pollMs)
    readable.push(performance.now() - startMs)
  }
  const [accept, read] = [quantiles(accepted), quantiles(readable)]
  say('POST → accepted durably, one at a time', `p50 ${ms(accept.p50)}, p99 ${ms(accept.p99)}`, '')
  say('POST → row readable, one at a time', `p50 ${ms(read.p50)}, p99 ${ms(read.p99)}`, 'p50 4 ms, p99 15 ms')
}

const measureLoad = async (system: System, client: Client): Promise<void> => {
  const before = await system.runtime.ledger()
  const products = Array.from({ length: 200 }, (_, index) => `bench-load-${index}`)
  const accepted = new Map(products.map((product) => [product, 0]))
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  let sent = 0
  const caller = async () => {
    while (performance.now() - startMs < loadMs) {
      const product = products[sent % products.length] as string
      sent += 1
      await client.rate(product, `${product}-${sent}`)
      accepted.set(product, (accepted.get(product) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: loadCallers }, caller))
  const acceptedMs = performance.now() - startMs
  const limitMs = performance.now() + settleLimitMs
  while ((await system.runtime.ledger()).in_flight > 0 && performance.now() < limitMs) await delay(50)
  const settledMs = performance.now() - startMs
  const used = process.cpuUsage(cpu)
  const counts = await Promise.all(
    products.map(async (product) => (await client.count(product)) - (accepted.get(product) ?? 0)),
  )
  const lost = counts.filter((difference) => difference < 0).reduce((sum, difference) => sum - difference, 0)
  const twice = counts.filter((difference) => difference > 0).reduce((sum, difference) => sum + difference, 0)
  const after = await system.runtime.ledger()
  say('events accepted per second', `${Math.round((sent / acceptedMs) * 1_000)}`, '')
  say(
    'the same to the end, each with notification',
    `${Math.round((sent / settledMs) * 1_000)} events/s`,
    '1,500 events/s',
  )
  say('lost, twice', `${lost}, ${twice} of ${sent}`, '0, 0')
  say(
    'deliveries, ledger',
    `${after.deliveries - before.deliveries}, ${after.balanced ? 'balanced' : 'NOT BALANCED'}`,
    'balanced',
  )
  say('CPU of the process per event, load generator included', ms((used.user + used.system) / 1_000 / sent), '0.8 ms')
}

const measurePages = async (client: Client): Promise<void> => {
  const durations: number[] = []
  for (let index = 0; index < pageViews; index += 1) {
    const startMs = performance.now()
    await client.page('/')
    durations.push(performance.now() - startMs)
  }
  const { p50, p99 } = quantiles(durations)
  say('catalogue page, one at a time', `p50 ${ms(p50)}, p99 ${ms(p99)}`, 'p50 3 ms, p99 15 ms')
}

/** Resident memory, the shared pages of files included. */
const megabytes = (): string => {
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readStatus())?.[1] ?? process.memoryUsage().rss / 1_024)
  return `${Math.round(kilobytes / 1_024)} MB`
}

const readStatus = (): string => {
  try {
    return readFileSync('/proc/self/status', 'utf8')
  } catch {
    return ''
  }
}
