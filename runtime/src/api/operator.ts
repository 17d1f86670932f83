import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, errorCodes, toAppError } from '@bookinfo/errors'
import type { Metrics } from '@bookinfo/metrics'
import { assertHost, assertOperator } from '@bookinfo/server'
import { sendJson } from '../gateway/reply.ts'
import type { Manifests } from '../manifest/kinds.ts'
import type { ConsumerStatus } from '../sensors/consumer.ts'
import type { SensorRuntime } from '../sensors/runtime.ts'
import type { Outcome, State } from '../state/types.ts'
import { describeGraph } from './graph.ts'
import { reportLedger } from './ledger.ts'
import { type Lineage, showDelivery } from './lineage.ts'

/** Stops and starts the services of a local system. */
export type ServiceControl = {
  list(): Promise<{ name: string; state: 'running' | 'stopped' | 'starting' }[]>
  stop(name: string): Promise<void>
  start(name: string): Promise<void>
}

export type OperatorOptions = {
  token: string | undefined
  allowedHosts: readonly string[] | undefined
  state: State
  sensors: SensorRuntime
  manifests: Manifests
  metrics: Metrics
  lineage(id: string): Promise<Lineage | undefined>
  serviceControl?: ServiceControl
  /** Answers what is not the API, such as a page; false when it does not know the address either. */
  fallback?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

const pageDefault = 50
const pageMax = 500

type Asked = { query: URLSearchParams; parts: string[] }
type Answer = (asked: Asked) => Promise<unknown>

/** The operator's plane: what the runtime knows and can do, for people and tests. Everything under `/api` needs the token. */
export const createOperatorApi = (options: OperatorOptions) => {
  const { state, sensors, manifests, metrics, lineage, serviceControl } = options
  const services = (): ServiceControl => {
    if (serviceControl === undefined) throw new AppError('notFound', 'services are not run by this process')
    return serviceControl
  }
  const answers: Record<string, Answer> = {
    'GET ledger': async () => reportLedger(await state.ledger()),
    'GET events': async ({ query }) => ({
      items: (await state.recent({ limit: limitOf(query), ...filterOf(query) })).map(showDelivery),
    }),
    'GET events *': async ({ parts }) => (await lineage(parts[1] as string)) ?? missing(`event ${parts[1]}`),
    'GET consumers': async (): Promise<{ items: ConsumerStatus[] }> => ({ items: await sensors.consumers() }),
    'GET parked': async ({ query }) => ({ items: (await state.parked({ limit: limitOf(query) })).map(showParked) }),
    'POST parked * release': async ({ parts }) => {
      const outcome = await sensors.release(idOf(parts[1]))
      if (outcome === 'gone') return missing(`parked event ${parts[1]}`)
      return { id: Number(parts[1]), outcome }
    },
    'GET graph': async () => describeGraph(manifests, await state.ledger()),
    'GET services': async () => ({ items: await services().list() }),
    'POST services * stop': async ({ parts }) => {
      await services().stop(parts[1] as string)
      return { name: parts[1], state: 'stopped' }
    },
    'POST services * start': async ({ parts }) => {
      await services().start(parts[1] as string)
      return { name: parts[1], state: 'running' }
    },
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    assertHost(options.allowedHosts, request.headers.host)
    const url = new URL(request.url ?? '/', 'http://operator')
    if (url.pathname === '/healthz') return sendJson(response, 200, { status: 'ok' })
    if (url.pathname === '/readyz') return sendJson(response, 200, { status: 'ready' })
    if (url.pathname === '/metrics') {
      response.writeHead(200, { 'content-type': metrics.contentType })
      return void response.end(await metrics.text())
    }
    if (!url.pathname.startsWith('/api/')) {
      if (await options.fallback?.(request, response)) return
      throw new AppError('notFound', 'there is nothing at this address')
    }
    assertOperator(options.token, request.headers.authorization)
    const parts = url.pathname.split('/').slice(2).map(decode)
    const shape = parts.map((part, index) => (index === 1 ? '*' : part)).join(' ')
    const answer = answers[`${request.method === 'HEAD' ? 'GET' : request.method} ${shape}`]
    if (answer === undefined) throw new AppError('notFound', 'there is nothing at this address')
    sendJson(response, 200, await answer({ query: url.searchParams, parts }))
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((thrown) => {
      const { code, message, headers } = toAppError(thrown)
      const { status } = errorCodes[code]
      if (!response.headersSent)
        sendJson(response, status, { error: status === 500 ? 'internal error' : message }, headers)
    })
  }
}

const missing = (what: string): never => {
  throw new AppError('notFound', `there is no ${what}`)
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw new AppError('invalid', 'the address is not valid', { cause })
  }
}

const idOf = (text: string | undefined): number => {
  if (/^\d{1,15}$/.test(text ?? '')) return Number(text)
  throw new AppError('invalid', `${text} is not the id of a parked event`)
}

const limitOf = (query: URLSearchParams): number => {
  const text = query.get('limit') ?? String(pageDefault)
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageMax) return limit
  throw new AppError('invalid', `limit must be between 1 and ${pageMax}, got ${text.slice(0, 40)}`)
}

const outcomes = ['applied', 'filtered', 'superseded', 'dead', 'parked', 'held'] as const

const filterOf = (query: URLSearchParams): { trigger?: string; outcome?: Outcome } => {
  const [trigger, asked] = [query.get('trigger'), query.get('outcome')]
  const outcome = outcomes.find((one) => one === asked)
  if (asked && !outcome) throw new AppError('invalid', `outcome must be one of ${outcomes.join(', ')}`)
  return { ...(trigger && { trigger }), ...(outcome && { outcome }) }
}

const showParked = ({
  id,
  consumer,
  eventId,
  reason,
  attempts,
  retryAt,
  retries,
  parkedAt,
}: Awaited<ReturnType<State['parked']>>[number]) => ({
  id,
  consumer,
  event_id: eventId,
  reason,
  attempts: attempts.length,
  retries,
  retry_at: retryAt?.toISOString() ?? null,
  parked_at: parkedAt.toISOString(),
})
