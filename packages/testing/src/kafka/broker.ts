import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { waitFor } from '../wait-for.ts'
import { kafkaClassPath } from './jars.ts'

const startLimitMs = 60_000
const jvm = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']
const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
]
const startedLine = 'Kafka Server started'

/** A real Kafka broker of its own, for tests that kill, pause or restart it. */
export type TestKafka = {
  /** What clients connect to; it stays the same when the broker is started again. */
  address: string
  pid(): number
  /** Stops it with a signal; resolves when the process has ended. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again on the same port and data. */
  start(): Promise<void>
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

/** Starts one KRaft node with data in a temporary folder, on a free port or the one that is asked for. */
export const startKafka = async ({ port }: { port?: number } = {}): Promise<TestKafka> => {
  const folder = mkdtempSync(join(tmpdir(), 'bookinfo-kafka-'))
  const classPath = await kafkaClassPath()
  const own = { broker: port ?? (await freePort()), controller: await freePort() }
  const config = join(folder, 'server.properties')
  const output = join(folder, 'output.log')
  writeFileSync(config, properties({ folder, ...own }))
  const cluster = randomBytes(16).toString('base64url')
  const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${cluster}`, '-c', config]
  await promisify(execFile)('java', [...jvm, ...logging, '-cp', classPath, ...format])

  let child: ChildProcess | undefined
  const start = async () => {
    const log = openSync(output, 'w')
    const started = spawn('java', [...jvm, ...logging, '-cp', classPath, 'kafka.Kafka', config], {
      stdio: ['ignore', log, log],
    })
    child = started
    const isStarted = () => {
      if (started.exitCode !== null) throw new Error(`Kafka did not start:\n${readFileSync(output, 'utf8')}`)
      return existsSync(output) && readFileSync(output, 'utf8').includes(startedLine)
    }
    await waitFor('Kafka to start', isStarted, { limitMs: startLimitMs })
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
    address: `127.0.0.1:${own.broker}`,
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

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

// Short session time-outs are allowed, so that a test of a dead consumer does not wait for six seconds.
const properties = ({ folder, broker, controller }: { folder: string; broker: number; controller: number }): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
log.dirs=${join(folder, 'data')}
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
auto.create.topics.enable=false
`
