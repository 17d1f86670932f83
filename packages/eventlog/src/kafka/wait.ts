import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '@bookinfo/errors'
import type { Logger } from '@bookinfo/logging'
import { type Brokers, type Client, connectionTo, toBrokerError } from './client.ts'

const limitMs = 60_000
const pauseMs = 250

/** Waits for a broker that is late, and says so once. */
export const waitForBroker = async (
  client: Client,
  { brokers, logger }: { brokers: Brokers; logger: Pick<Logger, 'warn'> },
): Promise<void> => {
  const admin = new client.Admin(connectionTo(brokers))
  const deadline = Date.now() + limitMs
  let isSaid = false
  try {
    for (;;) {
      try {
        await admin.metadata({ topics: [] })
        return
      } catch (error) {
        if (Date.now() > deadline) throw toBrokerError(`reaching Kafka at ${brokers.join(', ')}`, error)
        if (!isSaid) logger.warn('waiting for Kafka', { brokers: brokers.join(', '), reason: describeError(error) })
        isSaid = true
        await delay(pauseMs)
      }
    }
  } finally {
    await Promise.resolve(admin.close()).catch(() => {})
  }
}
