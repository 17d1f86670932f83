import { Agent, request } from 'undici'
import type { Addresses } from '../up/addresses.ts'

const connectionsMax = 128

export type RatingToSend = { productId: string; reviewer: string; stars: number; key: string }

/** Calls the product over kept connections. */
export type Client = {
  /** Resolves when the gateway has said 200, which means that the rating is stored durably as an event. */
  rate(rating: RatingToSend): Promise<void>
  /** Ratings that can be read of a product. */
  count(productId: string): Promise<number>
  /** Opens a page and reads all of it. */
  page(path: string): Promise<void>
  /** The figure of a service's metric, summed over its labels. */
  metric(service: string, name: string): Promise<number>
  close(): Promise<void>
}

/** Creates a client of the product at these addresses. */
export const createClient = ({ gateway, services, host, ports }: Addresses): Client => {
  const agent = new Agent({ connections: connectionsMax, pipelining: 1 })
  const get = async (url: string): Promise<string> => {
    const reply = await request(url, { dispatcher: agent })
    const text = await reply.body.text()
    if (reply.statusCode !== 200) throw new Error(`${url} was answered with ${reply.statusCode}`)
    return text
  }
  return {
    rate: async ({ productId, reviewer, stars, key }) => {
      const reply = await request(`${gateway}/v1/ratings`, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ product_id: productId, reviewer, stars }),
      })
      await reply.body.dump()
      if (reply.statusCode !== 200) throw new Error(`a rating was answered with ${reply.statusCode}`)
    },
    count: async (productId) =>
      (JSON.parse(await get(`${services.ratings}/v1/ratings/${productId}?page_size=1`)) as { count: number }).count,
    page: async (path) => void (await get(`${gateway}${path}`)),
    metric: async (service, name) => {
      const text = await get(`http://${host}:${ports.services[service]?.admin}/metrics`)
      return text
        .split('\n')
        .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
    },
    close: () => agent.close(),
  }
}
