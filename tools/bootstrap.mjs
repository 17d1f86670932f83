// Runs a script of the project on Node 24, whatever Node starts this file (20 or newer), after installing what is missing.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.installed')
const lock = join(root, '.installing')
const oldestNode = 20
const wantedNode = 24
const lockPollMs = 200

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0])
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()

const readText = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
const isRunning = (pid) => {
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch {
    return false
  }
}

const takeLock = () => {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return
    } catch {
      if (!isRunning(Number(readText(lock)))) rmSync(lock, { force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockPollMs)
    }
  }
}

const install = () => {
  takeLock()
  try {
    if (isInstalled()) return
    process.stdout.write('installing what the project needs (npm install), once; this takes about 20 seconds …\n')
    const npm = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (npm.status !== 0) throw new Error(`npm install failed:\n${npm.stdout ?? ''}${npm.stderr ?? npm.error ?? ''}`)
    writeFileSync(stamp, lockHash())
  } finally {
    rmSync(lock, { force: true })
  }
}

const findNode = () => {
  const packaged = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  if (majorOf(process.version) >= wantedNode) return process.execPath
  return fail(
    `this needs Node ${wantedNode}: there is no package of it for ${process.platform}-${process.arch}; install Node ${wantedNode} and run this again`,
  )
}

if (majorOf(process.version) < oldestNode)
  fail(`this needs Node ${oldestNode} or newer to start, and runs on ${process.version}`)
try {
  if (!isInstalled()) install()
} catch (error) {
  fail(error.message)
}

const args = process.argv.slice(2)
const watch = args[0] === '--watch' ? ['--watch', '--watch-preserve-output'] : []
const [script, ...rest] = watch.length > 0 ? args.slice(1) : args
// What is compiled once starts faster the next time; tests go without, as it blurs their coverage.
const compiled = script?.startsWith('cli/') ? { NODE_COMPILE_CACHE: join(modules, '.cache', 'compiled') } : {}
const child = spawn(findNode(), ['--disable-warning=ExperimentalWarning', ...watch, join(root, script), ...rest], {
  stdio: 'inherit',
  env: { ...compiled, ...process.env },
})

// A terminal's Ctrl-C reaches the child by itself; what is sent to this process only is passed on.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
