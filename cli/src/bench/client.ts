import { Agent, request } from 'undici'

const connectionsMax = 64

/** Posts ratings and asks for what they became, over kept connections. */
export const createLoadClient = ({ gateway, ratings }: { gateway: string; ratings: string }) => {
  const agent = new Agent({ connections: connectionsMax, pipelining: 1 })
  const get = async (url: string): Promise<string> => (await request(url, { dispatcher: agent })).body.text()
  return {
    /** Resolves with the event's id once the gateway has said 200. */
    rate: async (productId: string, key: string): Promise<string> => {
      const reply = await request(`${gateway}/v1/ratings`, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ product_id: productId, reviewer: 'bench', stars: 5 }),
      })
      await reply.body.dump()
      if (reply.statusCode !== 200) throw new Error(`a rating was answered with ${reply.statusCode}`)
      return String(reply.headers['event-id'])
    },
    count: async (productId: string): Promise<number> =>
      (JSON.parse(await get(`${ratings}/v1/ratings/${productId}?page_size=1`)) as { count: number }).count,
    page: async (path: string): Promise<void> => void (await get(`${gateway}${path}`)),
    close: () => agent.close(),
  }
}

/** Quantiles of durations in milliseconds. */
export const quantiles = (durationsMs: readonly number[]): { p50: number; p99: number } => {
  const sorted = durationsMs.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
