import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem, type System } from '../../cli/src/up/system.ts'
import { topology } from '../../topology.ts'

export type TestSystem = System & {
  dataDir: string
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  get<T>(path: string): Promise<T>
  operator<T>(url: string, init?: RequestInit): Promise<T>
  remove(): Promise<void>
}

/** The whole system on ports and data of its own. */
export const startTestSystem = async (
  options: { processes?: boolean; storage?: 'memory' | 'postgres'; bus?: { kind: string; address: string } } = {},
): Promise<TestSystem> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bookinfo-e2e-'))
  const { processes = false, storage = 'postgres', bus } = options
  const portOffset = await freeOffset()
  const without: string[] = []
  const asked = { dataDir, fresh: false, portOffset, books: 0, processes, without, storage, ...(bus && { bus }) }
  const system = await startSystem(asked)
  const { gateway } = system.addresses
  return {
    ...system,
    dataDir,
    post: (path, body, headers = {}) =>
      fetch(`${gateway}${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers,
      }),
    get: async <T>(path: string) => (await fetch(`${gateway}${path}`)).json() as Promise<T>,
    operator: async <T>(url: string, init: RequestInit = {}) =>
      (await fetch(url, { ...init, headers: { authorization: `Bearer ${system.token}` } })).json() as Promise<T>,
    remove: async () => {
      await system.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const tries = 50
// Between the ports that programs use by default and those that the system gives away by itself.
const offsets = { lowest: 5_000, count: 15_000 }

/** An offset at which all our ports are free; test files run side by side. */
export const freeOffset = async (): Promise<number> => {
  const { gateway, operator, webhooks } = topology.ports
  const ports = [
    gateway,
    operator,
    webhooks,
    ...topology.services.flatMap((service) => [service.ports.api, service.ports.admin]),
  ]
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const offset = offsets.lowest + Math.floor(Math.random() * offsets.count)
    const isFree = await Promise.all(ports.map((port) => canListen(port + offset)))
    if (!isFree.includes(false)) return offset
  }
  throw new Error('no free ports were found')
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
