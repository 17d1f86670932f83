import { dlqueue } from '@bookinfo/dlqueue/contract'
import { Agent, request } from 'undici'
import type { Setting } from './chapter.ts'

const letters = 10_000
const callers = 16

/** Replays many dead letters in one call: from the call to the last rating stored. */
export const measureRedrive = async ({ product, client, recorder }: Setting): Promise<void> => {
  const base = product.addresses.services.dlqueue as string
  await writeLetters(`${base}${dlqueue.routes.ingest.path}`)
  const rated = () => client.metric('ratings', 'ratings_submitted_total')
  const before = await rated()
  const startMs = performance.now()
  const { affected_count: replayed, results } = await product.operator<{ affected_count: number; results: unknown[] }>(
    `${base}${dlqueue.routes.batchReplay.path}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'pending', limit: letters }),
    },
  )
  const answeredMs = performance.now() - startMs
  while ((await rated()) - before < replayed) await new Promise((resolve) => setTimeout(resolve, 20))
  const figures = { answered: answeredMs / 1_000, stored: (performance.now() - startMs) / 1_000 }
  recorder.row({
    id: 'redrive',
    what: `redrive of ${replayed} letters, ${results.length} results`,
    unit: 's',
    figures,
    aim: '10',
  })
}

const writeLetters = async (url: string): Promise<void> => {
  const agent = new Agent({ connections: callers, pipelining: 1 })
  let next = 0
  const write = async () => {
    while (next < letters) {
      const index = next++
      const reply = await request(url, { method: 'POST', dispatcher: agent, body: JSON.stringify(letter(index)) })
      const text = await reply.body.text()
      if (reply.statusCode !== 201) throw new Error(`a letter was answered with ${reply.statusCode}: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: callers }, write))
  await agent.close()
}

const letter = (index: number) => ({
  event_id: `bench-letter-${process.pid}-${index}`,
  event_type: 'webhook',
  event_source: 'rating-submitted',
  event_subject: 'rating-submitted',
  eventsource_name: 'rating-submitted',
  sensor_name: 'ratings-sensor',
  failed_trigger: 'rating-submitted',
  namespace: 'bookinfo',
  datacontenttype: 'application/json',
  event_timestamp: new Date().toISOString(),
  original_payload: JSON.stringify({ product_id: `redrive-${index % 500}`, reviewer: 'bench', stars: 4 }),
  original_headers: { 'Content-Type': ['application/json'] },
})
