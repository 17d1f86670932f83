import { AppError } from '@bookinfo/errors'
import { deadLetterHeader, type Publisher } from '@bookinfo/eventlog'
import { createHttpClient, type HttpClient } from '@bookinfo/server'
import type { Letter } from '../domain.ts'
import type { ReplayGateway } from '../ports.ts'

/** Where the events of an EventSource are sent again: to its webhook, with the operator's token when that is guarded, or to its topic. */
export type ReplayTarget = { url: string; isGuarded?: boolean } | { topic: string }

const timeoutMs = 10_000

// What belongs to one connection, or is made anew for the request that is sent again.
const notSentAgain =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length|accept-encoding|x-forwarded-.*|dead-letter-.*|sluice-.*|idempotency-key|content-type|traceparent|tracestate)$/i

/** Sends events again to the addresses of our own configuration; a letter only names its EventSource, never an address. */
export const createReplayGateway = (options: {
  targets: Readonly<Record<string, ReplayTarget>>
  publisher: Publisher
  operatorToken: string | undefined
}): ReplayGateway & { close(): Promise<void> } => {
  const { targets, publisher, operatorToken } = options
  const clients = new Map<string, HttpClient>()
  const clientOf = (url: URL): HttpClient => {
    const client =
      clients.get(url.origin) ?? createHttpClient({ name: 'the EventSource', baseUrl: url.origin, timeoutMs })
    clients.set(url.origin, client)
    return client
  }

  const toWebhook = async (letter: Letter, target: { url: string; isGuarded?: boolean }): Promise<string> => {
    const url = new URL(target.url)
    const token = target.isGuarded ? operatorToken : undefined
    const reply = await clientOf(url).call({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: {
        ...sentAgain(letter),
        'content-type': letter.dataContentType,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: letter.payload.toString('utf8'),
    })
    if (reply.status < 200 || reply.status > 299) {
      throw new AppError(
        'badGateway',
        `EventSource ${letter.eventSourceName} answered ${reply.status}: ${reply.text.slice(0, 200)}`,
      )
    }
    const eventId = reply.headers['event-id']
    return typeof eventId === 'string' ? eventId : letter.eventId
  }
  const toTopic = async (letter: Letter, topic: string): Promise<string> => {
    const headers = Object.fromEntries(
      Object.entries(letter.headers).map(([name, values]) => [name, values.at(-1) ?? '']),
    )
    const record = { ...headers, ce_id: letter.eventId, [deadLetterHeader]: letter.id }
    await publisher.publish([
      { id: letter.eventId, topic, key: letter.recordKey, headers: record, payload: letter.payload },
    ])
    return letter.eventId
  }

  return {
    send: async (letter) => {
      const target = Object.hasOwn(targets, letter.eventSourceName) ? targets[letter.eventSourceName] : undefined
      if (target === undefined) {
        throw new AppError(
          'conflict',
          `there is no replay target for the EventSource ${JSON.stringify(letter.eventSourceName)}`,
        )
      }
      return 'url' in target ? toWebhook(letter, target) : toTopic(letter, target.topic)
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()))
    },
  }
}

/** Without a key of the caller's own, the replay carries the key that the first delivery was written under. */
const sentAgain = (letter: Letter): Record<string, string> => {
  const kept = Object.entries(letter.headers).filter(([name]) => !notSentAgain.test(name))
  const given = Object.entries(letter.headers).find(([name]) => name.toLowerCase() === 'idempotency-key')?.[1][0]
  return {
    ...Object.fromEntries(kept.map(([name, values]) => [name.toLowerCase(), values.join(', ')])),
    'idempotency-key': given || `${letter.eventId}/${letter.failedTrigger}`,
    [deadLetterHeader]: letter.id,
  }
}
