import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'

/** A rating that a client sent, known again by its reviewer, whom no other rating has. */
export type Sent = { productId: string; reviewer: string; isAccepted: boolean }

/** Answers that broke a promise whatever becomes of the event. */
export type Offence = { reviewer: string; what: string }

export type Clients = {
  /** Sends until the signal aborts; resolves with everything that was sent. */
  run(signal: AbortSignal): Promise<{ sent: Sent[]; offences: Offence[] }>
}

const products = 12
const tries = 6
const pauseMs = 8
const retryPauseMs = 150
const answerLimitMs = 20_000

/**
 * Clients that behave: they send one rating after another and repeat with the same key what had no answer or a 503. What is never
 * answered with 200 may be stored or not.
 */
export const createClients = ({ gateway, count, tag }: { gateway: string; count: number; tag: string }): Clients => {
  const client = async (number: number, signal: AbortSignal, found: { sent: Sent[]; offences: Offence[] }) => {
    const agent = new Agent({ connections: 1, pipelining: 1 })
    for (let index = 0; !signal.aborted; index += 1) {
      const reviewer = `${tag}-${number}-${index}`
      const productId = `chaos-${(number + index) % products}`
      const one: Sent = { productId, reviewer, isAccepted: false }
      found.sent.push(one)
      for (let attempt = 0; attempt < tries && !one.isAccepted; attempt += 1) {
        const answer = await post(agent, gateway, { productId, reviewer })
        one.isAccepted = answer.status === 200
        const what = offence(answer)
        if (what !== undefined) found.offences.push({ reviewer, what })
        if (!one.isAccepted) await delay(retryPauseMs)
      }
      await delay(pauseMs)
    }
    await agent.destroy()
  }
  return {
    run: async (signal) => {
      const found = { sent: [], offences: [] }
      await Promise.all(Array.from({ length: count }, (_, number) => client(number, signal, found)))
      return found
    },
  }
}

/** Undefined status: no answer, because a connection broke or nobody listens. */
type Answer = { status: number | undefined; hasRetryAfter: boolean; text: string }

const offence = ({ status, hasRetryAfter, text }: Answer): string | undefined => {
  if (status === undefined || status === 200) return undefined
  if (status === 503) return hasRetryAfter ? undefined : '503 without Retry-After'
  return `answered with ${status}: ${text.slice(0, 200)}`
}

const post = async (
  agent: Agent,
  gateway: string,
  { productId, reviewer }: Omit<Sent, 'isAccepted'>,
): Promise<Answer> => {
  try {
    const reply = await request(`${gateway}/v1/ratings`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', 'idempotency-key': reviewer },
      body: JSON.stringify({ product_id: productId, reviewer, stars: 4 }),
      signal: AbortSignal.timeout(answerLimitMs),
    })
    const text = await reply.body.text()
    return { status: reply.statusCode, hasRetryAfter: reply.headers['retry-after'] !== undefined, text }
  } catch {
    return { status: undefined, hasRetryAfter: false, text: '' }
  }
}
