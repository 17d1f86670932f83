import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem, type System } from '../../cli/src/up/system.ts'

export type TestSystem = System & {
  dataDir: string
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  get<T>(path: string): Promise<T>
  operator<T>(url: string, init?: RequestInit): Promise<T>
  remove(): Promise<void>
}

/** The whole system on ports and data of its own. */
export const startTestSystem = async (
  options: { processes?: boolean; storage?: 'memory' | 'postgres' } = {},
): Promise<TestSystem> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bookinfo-e2e-'))
  const { processes = false, storage = 'postgres' } = options
  const portOffset = await freeOffset()
  const system = await startSystem({ dataDir, fresh: false, portOffset, books: 0, processes, without: [], storage })
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

const highestPort = 12_000
const tries = 50

/** An offset at which the first of our ports is free; test files run side by side. */
const freeOffset = async (): Promise<number> => {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const offset = 13_000 + Math.floor(Math.random() * (65_000 - highestPort - 13_000))
    const isFree = await Promise.all([8080, 8090, 12_000, 8083].map((port) => canListen(port + offset)))
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
