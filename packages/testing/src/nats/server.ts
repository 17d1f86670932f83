import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../wait-for.ts'

const startLimitMs = 15_000

/** A real NATS server with JetStream of its own, for tests that kill, pause or restart it. */
export type TestNats = {
  /** What clients connect to; it stays the same when the server is started again. */
  address: string
  pid(): number
  /** Stops it with a signal; resolves when the process has ended. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again on the same port and data. */
  start(): Promise<void>
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

/** Starts one server with data in a temporary folder, on a free port or the one that is asked for. */
export const startNats = async ({ port }: { port?: number } = {}): Promise<TestNats> => {
  const folder = mkdtempSync(join(tmpdir(), 'bookinfo-nats-'))
  const ownPort = port ?? (await freePort())
  const config = join(folder, 'nats.conf')
  const output = join(folder, 'output.log')
  writeFileSync(config, configuration({ folder, port: ownPort }))

  let child: ChildProcess | undefined
  const start = async () => {
    const log = openSync(output, 'w')
    const started = spawn('nats-server', ['-c', config], { stdio: ['ignore', log, log] })
    let failure: Error | undefined
    started.once('error', (error) => (failure = error))
    child = started
    const isStarted = () => {
      if (failure !== undefined) throw failure
      if (started.exitCode !== null) throw new Error(`NATS did not start:\n${readFileSync(output, 'utf8')}`)
      return greets(ownPort)
    }
    await waitFor('NATS to start', isStarted, { limitMs: startLimitMs })
  }
  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const stopping = child
    child = undefined
    if (stopping === undefined || stopping.exitCode !== null || stopping.signalCode !== null) return
    const ended = new Promise((resolve) => stopping.once('exit', resolve))
    stopping.kill(signal)
    stopping.kill('SIGCONT')
    await ended
  }
  const endWithParent = () => void child?.kill('SIGKILL')
  process.on('exit', endWithParent)
  await start()
  return {
    address: `127.0.0.1:${ownPort}`,
    pid: () => child?.pid ?? 0,
    stop,
    start,
    remove: async () => {
      await stop('SIGKILL')
      process.off('exit', endWithParent)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A server says who it is as soon as it takes clients. */
const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (greeted: boolean) => {
      socket.destroy()
      resolve(greeted)
    }
    socket.once('data', (data) => end(data.toString().startsWith('INFO') && data.includes('"jetstream":true')))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

// A dead letter holds up to 8 MiB as base64, with its envelope; the default of 1 MiB would refuse it.
const configuration = ({ folder, port }: { folder: string; port: number }): string => `
listen: 127.0.0.1:${port}
server_name: bookinfo
max_payload: 16MB
max_pending: 128MB
jetstream { store_dir: "${join(folder, 'jetstream')}" }
`
