import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, type FSWatcher, mkdtempSync, openSync, readFileSync, renameSync, rmSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, describeError } from '@bookinfo/errors'
import { type Account, chooseAccount } from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { hasData, isInitialised, prepareParent, socketFolder } from './directories.ts'
import { answers, endNow, runningPostmaster, stopPostmaster, untilGone } from './postmaster.ts'

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
  /** Deletes data that is there, after ending a server that an earlier run left behind with it. */
  fresh?: boolean
  /** Hears, in a sentence, when the server ended by itself and is started again, or when its data was deleted. */
  onProblem?: (problem: string) => void
  /** Hears when it was started again, under another process id. */
  onStarted?: () => void
}

const startLimitMs = 30_000
const adoptLimitMs = 10_000
const restartPauseMs = 200
const restartPauseMaxMs = 10_000

/** Starts the embedded PostgreSQL, taking over one that a killed run left behind, and keeps it running until `stop`. */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { dataDir } = options
  prepareParent(dataDir)
  const binaries = await findBinaries()
  const account = chooseAccount(binaries)
  const setting = { ...options, binaries, account, socketDir: socketFolder(dataDir) }
  account.admit(dirname(dataDir))
  account.own(setting.socketDir)
  const url = (database: string) => `postgres://postgres@/${database}?host=${encodeURIComponent(setting.socketDir)}`

  const left = leftBehind(dataDir, options.fresh ?? false)
  if (left !== undefined && !options.fresh && (await answers(setting.socketDir, { limitMs: adoptLimitMs }))) {
    return { url, reused: true, ...supervise(setting, adopt(left)) }
  }
  if (left !== undefined) await stopPostmaster(left)
  if (options.fresh) rmSync(dataDir, { recursive: true, force: true })
  if (isInitialised(dataDir)) account.own(dataDir)
  else await initialise(setting)
  return { url, reused: false, ...supervise(setting, await launch(setting)) }
}

// What is thrown away may be of any version.
const leftBehind = (dataDir: string, fresh: boolean): number | undefined =>
  fresh || isInitialised(dataDir) ? runningPostmaster(dataDir) : undefined

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

const supervise = (setting: Setting, first: Server): Pick<Embedded, 'pid' | 'stop'> => {
  const { dataDir, onProblem, onStarted } = setting
  let server = first
  let isStopping = false
  const startAgain = async (): Promise<boolean> => {
    for (let pauseMs = restartPauseMs; !isStopping; pauseMs = Math.min(pauseMs * 2, restartPauseMaxMs)) {
      await delay(pauseMs)
      if (isStopping || !hasData(dataDir)) return false
      try {
        server = await launch(setting)
        return true
      } catch (error) {
        onProblem?.(`${describeError(error)}; trying again`)
      }
    }
    return false
  }
  const keep = async () => {
    for (;;) {
      const reason = await server.ended
      if (isStopping || !hasData(dataDir)) return
      onProblem?.(`the database ended (${reason}); starting it again`)
      if (!(await startAgain())) return
      onStarted?.()
    }
  }
  // A server goes on for a while with files that are deleted, and what it acknowledges then is lost: it is ended at once.
  const watcher = watchFolder(dataDir, () => {
    if (isStopping || hasData(dataDir)) return
    watcher?.close()
    onProblem?.(`the data in ${dirname(dataDir)} was deleted: nothing can be stored until the next start`)
    endNow(server.pid)
  })
  void keep()
  return {
    pid: () => server.pid,
    stop: async () => {
      isStopping = true
      watcher?.close()
      await stopPostmaster(server.pid)
    },
  }
}

/** Undefined where the system watches no more folders: then the server itself stumbles over what is missing. */
const watchFolder = (folder: string, onEvent: () => void): FSWatcher | undefined => {
  try {
    return watch(folder, { persistent: false }, onEvent).on('error', () => {})
  } catch {
    return undefined
  }
}

/** A running server and the reason of its end. */
type Server = { pid: number; ended: Promise<string> }

/** A server that is not our child tells nobody when it ends, so it is looked after. */
const adopt = (pid: number): Server => ({ pid, ended: untilGone(pid).then(() => 'taken over from an earlier run') })

const launch = async (setting: Setting): Promise<Server> => {
  const { account, binaries, dataDir, socketDir, durable = true, endsWithParent = false } = setting
  const logFile = join(dirname(dataDir), 'postgres.log')
  const log = openSync(logFile, 'a')
  const guard = endsWithParent && process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'INT'] : []
  const args = [...guard, binaries.postgres, '-D', dataDir, '-k', socketDir, ...settings(durable)]
  const child = start(account, args, log)
  closeSync(log)
  let hasEnded = false
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
  void ended.then(() => {
    hasEnded = true
  })
  child.unref()
  if (await answers(socketDir, { limitMs: startLimitMs, gaveUp: () => hasEnded }))
    return { pid: child.pid as number, ended }
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
