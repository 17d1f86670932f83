import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, errorCodes, toAppError } from '@bookinfo/errors'
import { createActions } from './actions.ts'
import { createApis } from './apis.ts'
import { renderLogin, renderProblem } from './pages/frame.ts'
import { createPages } from './pages/pages.ts'
import { createSession, forgetNotice, isOwnPost, readNotice, writeNotice } from './session.ts'

type Options = {
  token: string
  /** Base addresses of the APIs that the page reads. */
  runtimeUrl: string
  dlqueueUrl: string
}

const formMaxBytes = 16_384
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const fixed = {
  'content-security-policy': policy,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

const readFiles = (): Record<string, { type: string; text: string }> => {
  const read = (name: string) => readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8')
  return {
    '/console.css': { type: 'text/css; charset=utf-8', text: read('console.css') },
    '/console.js': { type: 'text/javascript; charset=utf-8', text: read('console.js') },
  }
}

/** The operator's pages: what the ledger counts, services, dead letters, parked events and each event's past. Complete without scripts. */
export const createOperatorPage = (options: Options) => {
  const session = createSession(options.token)
  const apis = createApis(options)
  const pages = createPages(apis)
  const act = createActions(apis)
  const files = readFiles()

  const answerForm = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOwnPost(request)) return send(response, 403, renderLogin('This form was sent from another site.'))
    const form = new URLSearchParams(await readForm(request))
    const back = request.url ?? '/'
    const given = form.get('token')
    if (given !== null) {
      const cookie = session.open(given.trim())
      if (cookie === undefined) return send(response, 401, renderLogin('That is not the token.'))
      return redirect(response, back, cookie)
    }
    if (!session.isOpen(request)) return send(response, 401, renderLogin('Please give the token first.'))
    if (form.get('action') === 'leave') return redirect(response, '/', session.close())
    redirect(response, back, writeNotice(await act(form)))
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', 'http://operator')
    const file = files[url.pathname]
    if (file !== undefined) {
      response.writeHead(200, { ...fixed, 'content-type': file.type, 'cache-control': 'no-cache' }).end(file.text)
      return true
    }
    const page = pages.find(url)
    if (page === undefined) return false
    try {
      if (request.method === 'POST') await answerForm(request, response)
      else if (!session.isOpen(request)) send(response, 200, renderLogin(undefined))
      else send(response, 200, await page(readNotice(request)), { 'set-cookie': forgetNotice })
    } catch (thrown) {
      const { code, message } = toAppError(thrown)
      const { status } = errorCodes[code]
      send(response, status, renderProblem(status === 500 ? 'Something went wrong here.' : message))
    }
    return true
  }
}

const send = (response: ServerResponse, status: number, page: string, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { ...fixed, ...headers, 'content-type': 'text/html; charset=utf-8' }).end(page)
}

const redirect = (response: ServerResponse, location: string, cookie: string): void => {
  response.writeHead(303, { ...fixed, location: location.replace(/^\/+/, '/'), 'set-cookie': cookie }).end()
}

const readForm = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > formMaxBytes) throw new AppError('tooLarge', 'the form is too large')
  }
  return text
}
