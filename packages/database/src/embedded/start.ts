import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@bookinfo/errors'
import { type Account, chooseAccount } from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { isInitialised, prepareParent, socketFolder } from './directories.ts'
import { answers, runningPostmaster, stopPostmaster } from './postmaster.ts'

/** A PostgreSQL server of our own, on a Unix socket only. */
export type Embedded = {
  /** Connection string for one of its databases. */
  url(database: string): string
  /** The server's process id; changes when it had to be started again. */
  pid(): number
  /** Whether a server that an earlier run left behind was taken over. */
  reused: boolean
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Holds the data; made when absent. */
  dataDir: string
  /** False trades safety after a power cut for speed: for tests only. */
  durable?: boolean
  /** The server ends when this process ends, however it ends. Where the system cannot do that, it lingers. */
  endsWithParent?: boolean
  /** Hears when the server ended by itself and is started again. */
  onRestart?: (reason: string) => void
}

const startLimitMs = 30_000
const adoptLimitMs = 10_000
const restartPauseMs = 200

/** Starts the embedded PostgreSQL, taking over one that a killed run left behind, and keeps it running until `stop`. */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { dataDir } = options
  prepareParent(dataDir)
  const setting = {
    ...options,
    binaries: await findBinaries(),
    account: chooseAccount(),
    socketDir: socketFolder(dataDir),
  }
  setting.account.own(setting.socketDir)
  const url = (database: string) => `postgres://postgres@/${database}?host=${encodeURIComponent(setting.socketDir)}`

  const left = isInitialised(dataDir) ? runningPostmaster(dataDir) : undefined
  if (left !== undefined) {
    if (await answers(setting.socketDir, { limitMs: adoptLimitMs })) {
      return { url, reused: true, pid: () => left, stop: () => stopPostmaster(left) }
    }
    await stopPostmaster(left)
  }
  if (!isInitialised(dataDir)) await initialise(setting)
  return { url, reused: false, ...(await supervise(setting)) }
}

type Setting = EmbeddedOptions & { binaries: Binaries; account: Account; socketDir: string }

/** A crash in the middle must not leave half a database, so the folder gets its name when it is complete. */
const initialise = async ({ dataDir, binaries, account }: Setting): Promise<void> => {
  const unfinished = mkdtempSync(join(dirname(dataDir), 'pg-'))
  account.own(unfinished)
  const args = ['-D', unfinished, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions']
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const child = start(account, [binaries.initdb, ...args, ...locale], 'pipe')
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const code = await exitCode(child)
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    throw new AppError('unavailable', `making the database in ${dataDir} failed: ${output.trim().split('\n').at(-1)}`)
  }
  rmSync(dataDir, { recursive: true, force: true })
  renameSync(unfinished, dataDir)
}

const supervise = async (setting: Setting): Promise<Pick<Embedded, 'pid' | 'stop'>> => {
  let isStopping = false
  let child = await launch(setting)
  const watch = () =>
    child.once('exit', async (code, signal) => {
      if (isStopping) return
      setting.onRestart?.(`the database ended (${signal ?? `status ${code}`})`)
      while (!isStopping) {
        await delay(restartPauseMs)
        try {
          child = await launch(setting)
          watch()
          return
        } catch (error) {
          setting.onRestart?.(error instanceof Error ? error.message : String(error))
          await delay(restartPauseMs * 5)
        }
      }
    })
  watch()
  return {
    pid: () => child.pid as number,
    stop: async () => {
      isStopping = true
      await stopPostmaster(child.pid as number)
    },
  }
}

const launch = async (setting: Setting): Promise<ChildProcess> => {
  const { account, binaries, dataDir, socketDir, durable = true, endsWithParent = false } = setting
  const logFile = join(dirname(dataDir), 'postgres.log')
  const log = openSync(logFile, 'a')
  const guard = endsWithParent && process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'INT'] : []
  const args = [...guard, binaries.postgres, '-D', dataDir, '-k', socketDir, ...settings(durable)]
  const child = start(account, args, log)
  closeSync(log)
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.unref()
  if (await answers(socketDir, { limitMs: startLimitMs, gaveUp: () => ended })) return child
  const lastLines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-2).join(' ')
  throw new AppError('unavailable', `the database in ${dataDir} did not start: ${lastLines}`)
}

// Small memory, and few background wake-ups; every commit is still on disk before it is answered.
const settings = (durable: boolean): string[] =>
  [
    'listen_addresses=',
    'unix_socket_permissions=0700',
    'shared_buffers=48MB',
    'max_connections=100',
    'io_method=sync',
    'max_wal_size=512MB',
    'checkpoint_timeout=15min',
    'wal_level=minimal',
    'max_wal_senders=0',
    'jit=off',
    'log_checkpoints=off',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting])

/** A process group of its own, so that Ctrl-C in a terminal reaches us first and the database last. */
const start = ({ prefix, ids }: Account, command: readonly string[], output: number | 'pipe'): ChildProcess => {
  const [program = '', ...args] = [...prefix, ...command]
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output], cwd: '/', ...ids })
  child.on('error', () => {})
  return child
}

const exitCode = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
