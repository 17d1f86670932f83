import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeError } from '@bookinfo/errors'
import { assertOperator, createHttpClient, type HttpClient, pathOf } from '@bookinfo/server'
import { type PageModel, renderLogin, renderPage } from './views.ts'

type Options = {
  token: string
  /** Base addresses of the APIs that the page reads. */
  runtimeUrl: string
  dlqueueUrl: string
}

const timeoutMs = 15_000
const formMaxBytes = 16_384
const cookieName = 'operator'
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The operator's page: services to stop and start, dead letters to replay. Works without scripts; shown to who has the token. */
export const createOperatorPage = ({ token, runtimeUrl, dlqueueUrl }: Options) => {
  const runtime = createHttpClient({ name: 'the runtime', baseUrl: runtimeUrl, timeoutMs })
  const letters = createHttpClient({ name: 'dlqueue', baseUrl: dlqueueUrl, timeoutMs })
  const headers = { authorization: `Bearer ${token}` }
  const get = async (client: HttpClient, path: string): Promise<Record<string, unknown>> => {
    const reply = await client.call({ method: 'GET', path, headers })
    if (reply.status !== 200) throw new Error(`status ${reply.status}`)
    return JSON.parse(reply.text)
  }
  const post = async (client: HttpClient, path: string): Promise<string> => {
    const reply = await client.call({
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    })
    return reply.status < 300
      ? 'Done.'
      : ((JSON.parse(reply.text) as { error?: string }).error ?? `Status ${reply.status}.`)
  }
  const model = async (message: string | undefined): Promise<PageModel> => {
    const [services, ledger, parked, dead] = await Promise.all([
      get(runtime, '/api/services'),
      get(runtime, '/api/ledger'),
      get(runtime, '/api/parked'),
      get(letters, '/v1/events?limit=50').catch((error) => ({ items: [], problem: describeError(error) })),
    ])
    return { services, ledger, parked, dead, message } as unknown as PageModel
  }
  const act = async (form: URLSearchParams): Promise<string> => {
    const [name = '', id = ''] = [form.get('name') ?? '', form.get('id') ?? '']
    switch (form.get('action')) {
      case 'stop':
      case 'start':
        return post(runtime, pathOf(`/api/services/:name/${form.get('action')}`, { name }))
      case 'release':
        return post(runtime, pathOf('/api/parked/:id/release', { id }))
      case 'replay':
        return post(letters, pathOf('/v1/events/:id/replay', { id }))
      default:
        return 'Nothing was done: the action is not known.'
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', 'http://operator')
    if (url.pathname !== '/') return false
    if (request.method === 'POST') {
      if (!isOwnPost(request)) return send(response, 403, renderLogin('This form was sent from another site.'))
      const form = new URLSearchParams(await readForm(request))
      const given = form.get('token')
      if (given !== null) return logIn(response, token, given)
      if (!isLoggedIn(request, token)) return send(response, 401, renderLogin('The token is missing.'))
      const message = await act(form).catch(describeError)
      response.writeHead(303, { location: `/?message=${encodeURIComponent(message)}` }).end()
      return true
    }
    if (!isLoggedIn(request, token)) return send(response, 200, renderLogin(undefined))
    return send(response, 200, renderPage(await model(url.searchParams.get('message')?.slice(0, 300))))
  }
}

const send = (response: ServerResponse, status: number, page: string): boolean => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  })
  response.end(page)
  return true
}

const logIn = (response: ServerResponse, token: string, given: string): boolean => {
  if (!matches(token, given.trim())) return send(response, 401, renderLogin('That is not the token.'))
  response
    .writeHead(303, { location: '/', 'set-cookie': `${cookieName}=${given.trim()}; HttpOnly; SameSite=Strict; Path=/` })
    .end()
  return true
}

const isLoggedIn = (request: IncomingMessage, token: string): boolean => {
  const cookie = (request.headers.cookie ?? '').split('; ').find((one) => one.startsWith(`${cookieName}=`))
  return cookie !== undefined && matches(token, cookie.slice(cookieName.length + 1))
}

const matches = (token: string, given: string): boolean => {
  try {
    assertOperator(token, `Bearer ${given}`)
    return true
  } catch {
    return false
  }
}

/** Browsers say where a form comes from; one from elsewhere is refused. */
const isOwnPost = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

const readForm = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > formMaxBytes) throw new Error('the form is too large')
  }
  return text
}
