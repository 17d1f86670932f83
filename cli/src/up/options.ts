import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '@bookinfo/errors'
import { assertBusKind, type BusAddress } from 'sluice'

/** What `npm start` was asked for. */
export type UpOptions = {
  dataDir: string
  fresh: boolean
  portOffset: number
  /** Books to load from the catalogue. */
  books: number
  processes: boolean
  without: readonly string[]
  storage: 'memory' | 'postgres'
  /** A broker that carries the events; the embedded database does when absent. */
  bus?: BusAddress
}

const usage = `npm start -- [options]
  --data DIR          where everything is kept (default .data)
  --fresh             begin with empty data
  --port-offset N     add N to every port
  --books N           load the first N books of the catalogue (default 300)
  --processes         run each service and the runtime as processes of their own
  --without A,B       leave services out
  --storage KIND      where services keep rows: postgres (default) or memory
  --bus KIND=ADDRESS  an existing broker that carries the events, such as kafka=localhost:9092`

const portOffsetMax = 50_000
const booksMax = 10_000

/** Reads the command line; anything unknown is `invalid` with the usage. */
export const parseUpOptions = (args: readonly string[]): UpOptions => {
  const { values } = attempt(() =>
    parseArgs({
      args: [...args],
      options: {
        data: { type: 'string', default: '.data' },
        fresh: { type: 'boolean', default: false },
        'port-offset': { type: 'string', default: '0' },
        books: { type: 'string', default: '300' },
        processes: { type: 'boolean', default: false },
        without: { type: 'string', default: '' },
        storage: { type: 'string', default: 'postgres' },
        bus: { type: 'string' },
      },
    }),
  )
  if (values.storage !== 'memory' && values.storage !== 'postgres') {
    throw new AppError('invalid', `--storage must be memory or postgres, got ${values.storage}\n${usage}`)
  }
  return {
    dataDir: resolve(values.data),
    fresh: values.fresh,
    portOffset: integer('--port-offset', values['port-offset'], portOffsetMax),
    books: integer('--books', values.books, booksMax),
    processes: values.processes,
    without: values.without.split(',').filter((name) => name !== ''),
    storage: values.storage,
    ...(values.bus !== undefined && { bus: busAddress(values.bus) }),
  }
}

const attempt = <T>(work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    throw new AppError('invalid', `${cause instanceof Error ? cause.message : cause}\n${usage}`, { cause })
  }
}

const busAddress = (text: string): BusAddress => {
  const [, kind = '', address = ''] = /^(\w+)=(\S+)$/.exec(text) ?? []
  if (kind === '') throw new AppError('invalid', `--bus must be KIND=ADDRESS, got ${text}\n${usage}`)
  const bus = { kind, address }
  attempt(() => assertBusKind(bus))
  return bus
}

const integer = (name: string, text: string, max: number): number => {
  if (/^\d{1,6}$/.test(text) && Number(text) <= max) return Number(text)
  throw new AppError('invalid', `${name} must be a whole number from 0 to ${max}, got ${text}\n${usage}`)
}
