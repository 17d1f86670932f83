import type { LedgerReport } from 'sluice'
import { loadBooks } from './load-books.ts'
import { parseUpOptions } from './options.ts'
import { startSystem, type System } from './system.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** `bookinfo up`: runs the whole system until it is told to stop. */
export const up = async (args: readonly string[]): Promise<void> => {
  const startMs = performance.now()
  const options = parseUpOptions(args)
  const system = await startSystem(options, (line) => say(line))
  say(describe(system, options.dataDir))
  say(`ready in ${((performance.now() - startMs) / 1_000).toFixed(1)} s`)
  const stopping = new AbortController()
  const loading = options.books > 0 ? load(system, options.books, stopping.signal) : Promise.resolve()
  await untilStopped()
  say('stopping: no new events are taken, running ones end (press Ctrl-C again to force)')
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  stopping.abort()
  await loading.catch(() => {})
  say(describeLedger(await system.close()))
  process.exit(0)
}

const describe = ({ addresses: { gateway, operator, services, webhooks } }: System, dataDir: string): string =>
  `
  Bookinfo          ${gateway}
  Operator          ${operator}   (token in ${dataDir}/operator-token)
  Webhooks          ${webhooks}
  ${Object.entries(services)
    .filter(([name]) => !name.endsWith('-write'))
    .map(([name, url]) => `${name.padEnd(17)} ${url}`)
    .join('\n  ')}
`

const load = async (system: System, books: number, signal: AbortSignal): Promise<void> => {
  let shown = -1
  const onProgress = (done: { books: number; ratings: number }) => {
    const tenth = Math.floor((done.books / books) * 10)
    if (tenth > shown) say(`loading books: ${done.books} of ${books}, ${done.ratings} ratings`)
    shown = tenth
  }
  try {
    const { books: loaded, ratings, skipped } = await loadBooks(system, { books, signal, onProgress })
    if (!signal.aborted)
      say(`loaded ${loaded} books and ${ratings} ratings; ${skipped} books without ISBN were skipped`)
  } catch (error) {
    if (!signal.aborted)
      say(`loading books stopped: ${error instanceof Error ? error.message : error}; start again to go on`)
  }
}

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', stop)
  })

const describeLedger = (ledger: LedgerReport): string => {
  const { deliveries, applied, filtered, superseded, dead, parked, in_flight: inFlight, balanced } = ledger
  return (
    `deliveries ${deliveries} = applied ${applied} + filtered ${filtered} + superseded ${superseded} + dead ${dead} + parked ${parked}` +
    ` + in flight ${inFlight}: ${balanced ? 'balanced' : 'NOT BALANCED'}`
  )
}
