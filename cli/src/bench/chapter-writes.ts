import { setTimeout as delay } from 'node:timers/promises'
import type { Setting } from './chapter.ts'
import type { Client } from './client.ts'
import { quantiles } from './quantiles.ts'

const writes = 400
const warmUps = 100

/** One write at a time: when it is durable, and when it can be read. */
export const measureWrites = async ({ client, recorder }: Setting): Promise<void> => {
  const accepted: number[] = []
  const readable: number[] = []
  for (let index = 0; index < writes + warmUps; index += 1) {
    const { acceptedMs, readableMs } = await writeAndRead(client)
    if (index < warmUps) continue
    accepted.push(acceptedMs)
    readable.push(readableMs)
  }
  const row = (id: string, what: string, durations: number[], aim: string) =>
    recorder.row({ id, what, unit: 'ms', figures: quantiles(durations), aim })
  row('accepted', 'POST → stored durably, one at a time', accepted, '')
  row('readable', 'POST → row readable, one at a time', readable, 'p50 4, p99 15')
}

let products = 0

/** Rates a book that nobody rated before and waits until the rating can be read. */
export const writeAndRead = async (client: Client): Promise<{ acceptedMs: number; readableMs: number }> => {
  const productId = `single-${process.pid}-${Date.now()}-${(products += 1)}`
  const startMs = performance.now()
  await client.rate({ productId, reviewer: 'bench', stars: 5, key: productId })
  const acceptedMs = performance.now() - startMs
  while ((await client.count(productId)) === 0) await delay(0)
  return { acceptedMs, readableMs: performance.now() - startMs }
}
