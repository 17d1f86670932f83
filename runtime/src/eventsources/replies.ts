import { AppError } from '@bookinfo/errors'
import type { WebhookReading } from '../webhook/envelope.ts'

export type WebhookReply = { status: number; headers: Record<string, string>; body: string }

type Refused = Extract<WebhookReading, { eventData: null }>

/** How a webhook words its refusals. */
type Words = {
  unauthorized(why: string): WebhookReply
  refused(reading: Refused): WebhookReply
  tooLarge(reading: Refused, maxBytes: number): WebhookReply
}

/** Argo's texts as they are, or for a webhook in strict mode the form that all our own doors have. */
export const wordsOf = (speaksArgo: boolean): Words => (speaksArgo ? argoWords : ownWords)

/** Argo's answers are plain texts. */
export const plain = (status: number, body: string): WebhookReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})

const argoWords: Words = {
  unauthorized: (why) => plain(401, why),
  refused: ({ status, body }) => plain(status, body),
  tooLarge: ({ status, body }) => plain(status, body),
}

const ownWords: Words = {
  unauthorized: () => failure(new AppError('unauthorized', 'this needs a token: send "Authorization: Bearer TOKEN"')),
  refused: ({ body }) => failure(new AppError('invalid', body)),
  tooLarge: (_, maxBytes) => failure(new AppError('tooLarge', `the body is larger than ${maxBytes} bytes`)),
}

export const success = (eventId: string): WebhookReply => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'event-id': eventId },
  body: 'success',
})

const statuses: Partial<Record<AppError['code'], number>> = {
  invalid: 400,
  unauthorized: 401,
  conflict: 409,
  tooLarge: 413,
}

/** What was not stored is 503: unknown, and safe to send again with the same `Idempotency-Key`. */
export const failure = ({ code, message }: AppError): WebhookReply => {
  const status = statuses[code] ?? 503
  const text = status === 503 ? 'the event could not be stored; send it again with the same Idempotency-Key' : message
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(status === 503 && { 'retry-after': '1' }),
    },
    body: JSON.stringify({ error: text }),
  }
}
