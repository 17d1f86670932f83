import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Letter } from '@bookinfo/dlqueue/contract'
import type { Notification } from '@bookinfo/notification/contract'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import { waitFor } from '@bookinfo/testing'

const pauseMs = 20
const answerLimitMs = 90_000
const settleLimitMs = 90_000
const pageSize = 1_000
const product = 'witnessed'

type Where = { gateway: string; notification: string; dlqueue: string; operator: string; token(): string }

/**
 * Clients who note what they were promised and count afterwards what they can read, through nothing but the public API. What is not
 * answered with success they send again with its key, as the door asks.
 */
export const createWitness = ({ gateway, notification, dlqueue, operator, token }: Where) => {
  const promised = new Set<string>()
  const get = async <T>(url: string, init: RequestInit = {}): Promise<T> => {
    const reply = await fetch(url, { ...init, headers: { authorization: `Bearer ${token()}` } })
    assert.equal(reply.status, 200, `${url} was answered with ${reply.status}`)
    return (await reply.json()) as T
  }
  const pages = async <T>(read: (page: number) => Promise<T[]>): Promise<T[]> => {
    const all: T[] = []
    for (let page = 1; ; page += 1) {
      const items = await read(page)
      all.push(...items)
      if (items.length < pageSize) return all
    }
  }
  const rate = async (reviewer: string): Promise<void> => {
    const body = JSON.stringify({ product_id: product, reviewer, stars: 4 })
    const headers = { 'idempotency-key': `key-of-${reviewer}` }
    const send = () =>
      fetch(`${gateway}/v1/ratings`, { method: 'POST', headers, body }).then(
        ({ status }) => status === 200,
        () => false,
      )
    await waitFor(`success for ${reviewer}`, send, { limitMs: answerLimitMs })
    promised.add(reviewer)
  }
  const ratings = () =>
    pages(async (page) => {
      const url = `${gateway}/v1/ratings/${product}?page=${page}&page_size=${pageSize}`
      return (await get<ProductRatings>(url)).ratings.map(({ reviewer }) => reviewer)
    })
  const announcements = () =>
    pages(async (page) => {
      const url = `${notification}/v1/notifications?recipient=system@bookinfo&page=${page}&page_size=${pageSize}`
      return (await get<{ notifications: Notification[] }>(url)).notifications
    }).then((all) => all.filter(({ subject }) => subject === product))

  /** Replays every letter until none waits and nothing is on its way. */
  const settle = () =>
    waitFor(
      'everything to end',
      async () => {
        try {
          const { items } = await get<{ items: Letter[] }>(`${dlqueue}/v1/events?status=pending&limit=200`)
          for (const { id } of items) await get(`${dlqueue}/v1/events/${id}/replay`, { method: 'POST' })
          const ledger = await get<{ in_flight: number; parked: number }>(`${operator}/api/ledger`)
          return items.length === 0 && ledger.in_flight === 0 && ledger.parked === 0
        } catch {
          return false
        }
      },
      { limitMs: settleLimitMs },
    )

  return {
    promised: (): number => promised.size,
    /** Rates until it is stopped, and notes what was promised. */
    startLoad: (callers = 3) => {
      let isStopped = false
      const caller = async (name: string) => {
        for (let n = 0; !isStopped; n += 1) {
          await rate(`${name}-${n}`)
          await delay(pauseMs)
        }
      }
      const first = promised.size
      const all = Promise.all(Array.from({ length: callers }, (_, index) => caller(`caller-${first}-${index}`)))
      return {
        stop: async () => {
          isStopped = true
          await all
        },
      }
    },
    /** Each promise is readable and announced, once, and nothing else is. */
    assertComplete: async (): Promise<void> => {
      await settle()
      assert.deepEqual((await ratings()).sort(), [...promised].sort())
      assert.equal((await announcements()).length, promised.size)
      assert.equal((await get<{ balanced: boolean }>(`${operator}/api/ledger`)).balanced, true)
    },
  }
}
