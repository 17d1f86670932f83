import { AppError } from '@bookinfo/errors'
import { createHttpClient, type HttpClient, pathOf, readJson } from '@bookinfo/server'
import type { Consumer, Delivery, Ledger, Letter, LetterFilter, Lineage, Parked, ServiceState } from './model.ts'

const timeoutMs = 15_000
const batchMax = 10_000

/** What the page reads and does, over the APIs that anyone with the token can call. */
export const createApis = (options: { token: string; runtimeUrl: string; dlqueueUrl: string }) => {
  const runtime = createHttpClient({ name: 'the runtime', baseUrl: options.runtimeUrl, timeoutMs })
  const dlqueue = createHttpClient({ name: 'dlqueue', baseUrl: options.dlqueueUrl, timeoutMs })
  const headers = { authorization: `Bearer ${options.token}` }
  const get = async <T>(name: string, client: HttpClient, path: string): Promise<T> =>
    readJson<T>(name, await client.call({ method: 'GET', path, headers }))
  const items = async <T>(path: string): Promise<T[]> => (await get<{ items: T[] }>('the runtime', runtime, path)).items
  const post = async <T>(client: HttpClient, path: string, body: object = {}): Promise<T> => {
    const reply = await client.call({
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = JSON.parse(reply.text || '{}') as T & { error?: string }
    if (reply.status >= 300) throw new AppError('conflict', answer.error ?? `the answer was ${reply.status}`)
    return answer
  }
  return {
    ledger: () => get<Ledger>('the runtime', runtime, '/api/ledger'),
    consumers: () => items<Consumer>('/api/consumers'),
    services: () => items<ServiceState>('/api/services'),
    parked: (limit: number) => items<Parked>(pathOf('/api/parked', {}, { limit })),
    deliveries: (query: { limit: number; trigger?: string; outcome?: string }) =>
      items<Delivery>(pathOf('/api/events', {}, query)),
    lineage: (id: string) => get<Lineage>('the runtime', runtime, pathOf('/api/events/:id', { id })),
    letters: (query: LetterFilter & { limit: number; offset: number }) =>
      get<{ items: Letter[]; total_items: number }>('dlqueue', dlqueue, pathOf('/v1/events', {}, query)),
    letter: (id: string) => get<Letter>('dlqueue', dlqueue, pathOf('/v1/events/:id', { id })),
    turnService: (name: string, action: 'stop' | 'start') =>
      post(runtime, pathOf(`/api/services/:name/${action}`, { name })),
    release: (id: string) => post<{ outcome: string }>(runtime, pathOf('/api/parked/:id/release', { id })),
    replay: (id: string) => post(dlqueue, pathOf('/v1/events/:id/replay', { id })),
    reset: (id: string) => post(dlqueue, pathOf('/v1/events/:id/reset', { id })),
    resolve: (id: string) => post(dlqueue, pathOf('/v1/events/:id/resolve', { id }), { resolved_by: 'operator' }),
    replayAll: (filter: LetterFilter) =>
      post<{ affected_count: number; failed_count: number }>(dlqueue, '/v1/events/batch/replay', {
        ...filter,
        status: 'pending',
        limit: batchMax,
      }),
  }
}

export type Apis = ReturnType<typeof createApis>
