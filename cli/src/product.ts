import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LedgerReport } from 'sluice'
import { topology } from '../../topology.ts'
import { type Addresses, planAddresses } from './up/addresses.ts'
import { type ProductUsage, readUsage } from './process-usage.ts'

const defaultPortOffset = 18_000
const readyLimitMs = 60_000
const main = join(import.meta.dirname, 'main.ts')

/** The product as a person starts it: processes of its own, so that what it costs and what the load costs are apart. */
export type Product = {
  addresses: Addresses
  dataDir: string
  /** What runs, by name, as `processes.json` says at this moment. */
  pids(): Record<string, number>
  /** Resolves when the process that was started has ended, however it ended. */
  ended: Promise<void>
  /** From the start of the process to `ready`. */
  readyMs: number
  usage(): ProductUsage | undefined
  ledger(): Promise<LedgerReport>
  control(service: string, action: 'stop' | 'start'): Promise<void>
  operator<T>(url: string, init?: RequestInit): Promise<T>
  stop(): Promise<void>
}

/** Starts the product on a data folder; more options go to `npm start` as they are. */
export const startProduct = async (
  dataDir: string,
  { options = [], portOffset = defaultPortOffset }: { options?: readonly string[]; portOffset?: number } = {},
): Promise<Product> => {
  const startMs = performance.now()
  const args = ['up', '--data', dataDir, '--port-offset', String(portOffset), '--books', '0', ...options]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await untilReady(child)
  const addresses = planAddresses(topology, portOffset)
  const token = readFileSync(join(dataDir, 'operator-token'), 'utf8').trim()
  const operator = async <T>(url: string, init: RequestInit = {}): Promise<T> => {
    const reply = await fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })
    if (!reply.ok) throw new Error(`${url} was answered with ${reply.status}: ${await reply.text()}`)
    return reply.json() as Promise<T>
  }
  return {
    addresses,
    dataDir,
    pids: () => JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')) as Record<string, number>,
    ended,
    readyMs: performance.now() - startMs,
    usage: () => readUsage(child.pid as number),
    ledger: () => operator(`${addresses.operator}/api/ledger`),
    control: async (service, action) =>
      void (await operator(`${addresses.operator}/api/services/${service}/${action}`, { method: 'POST' })),
    operator,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const untilReady = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${readyLimitMs} ms`)), readyLimitMs)
    const end = (work: () => void) => {
      clearTimeout(timer)
      work()
    }
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('ready in')) end(resolve)
    })
    child.once('exit', (code) => end(() => reject(new Error(`the product ended with ${code} before it was ready`))))
  })
