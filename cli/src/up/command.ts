import type { LedgerReport } from 'sluice'
import { loadBooks } from './load-books.ts'
import { parseUpOptions } from './options.ts'
import { startSystem, type System } from './system.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** `bookinfo up`: runs the whole system until it is told to stop. */
export const up = async (args: readonly string[]): Promise<void> => {
  const startMs = performance.now()
  const options = parseUpOptions(args)
  const stop = waitForStop()
  const system = await startSystem(options, say)
  stop.onForce(() => system.abort())
  say(describe(system, options.dataDir))
  say(`ready in ${((performance.now() - startMs) / 1_000).toFixed(1)} s`)
  const loading = options.books > 0 ? load(system, options.books, stop.signal) : Promise.resolve()
  await stop.asked
  await loading
  say(describeLedger(await system.close()))
  process.exit(0)
}

/** The first signal stops, also one that comes while the system starts; the second one ends everything at once. */
const waitForStop = () => {
  const stopping = new AbortController()
  let force = () => {}
  const asked = new Promise<void>((resolve) => {
    const onSignal = (name: NodeJS.Signals) => {
      if (stopping.signal.aborted) {
        force()
        process.exit(name === 'SIGINT' ? 130 : 143)
      }
      say('stopping: no new events are taken, running ones end (press Ctrl-C again to force)')
      stopping.abort()
      resolve()
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  })
  return {
    signal: stopping.signal,
    asked,
    onForce: (work: () => void) => {
      force = work
    },
  }
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

const describeLedger = (ledger: LedgerReport | undefined): string => {
  if (ledger === undefined) return 'the ledger cannot be read now; the next start goes on from what is stored'
  const { deliveries, applied, filtered, superseded, dead, parked, in_flight: inFlight, balanced } = ledger
  return (
    `deliveries ${deliveries} = applied ${applied} + filtered ${filtered} + superseded ${superseded} + dead ${dead} + parked ${parked}` +
    ` + in flight ${inFlight}: ${balanced ? 'balanced' : 'NOT BALANCED'}`
  )
}
