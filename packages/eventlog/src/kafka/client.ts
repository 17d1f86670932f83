import { AppError, describeError } from '@bookinfo/errors'

/** Which brokers to dial first. */
export type Brokers = readonly string[]

/** Loads the client only where Kafka is used: it costs 60 MB. */
export const loadClient = () => import('@platformatic/kafka')

export type Client = Awaited<ReturnType<typeof loadClient>>

/** What every connection is opened with. Its own retries are few and quick: who calls has the deadline. */
export const connectionTo = (brokers: Brokers) => ({
  clientId: 'bookinfo',
  bootstrapBrokers: [...brokers],
  connectTimeout: 1_000,
  requestTimeout: 5_000,
  timeout: 2_000,
  retries: 2,
  retryDelay: 50,
  metadataMaxAge: 30_000,
})

/** The list of brokers in an address such as `a:9092,b:9092`; anything else is `invalid`. */
export const parseBrokers = (address: string): string[] => {
  const brokers = address.split(',').map((broker) => broker.trim())
  const wrong = brokers.find((broker) => !/^[^\s:]+:\d{1,5}$/.test(broker))
  if (wrong !== undefined) throw new AppError('invalid', `a Kafka address is HOST:PORT, got "${wrong}"`)
  return brokers
}

/** Whether an error of the client comes from a protocol error of this name, somewhere in its chain. */
export const isProtocolError = (error: unknown, name: string): boolean => {
  if (!(error instanceof Error)) return false
  const { apiId, errors = [], cause } = error as Error & { apiId?: string; errors?: unknown[] }
  return apiId === name || isProtocolError(cause, name) || errors.some((one) => isProtocolError(one, name))
}

/** An error of the broker or the way to it, in our words. */
export const toBrokerError = (attempted: string, cause: unknown): AppError => {
  if (cause instanceof AppError) return cause
  if (isProtocolError(cause, 'MESSAGE_TOO_LARGE') || isProtocolError(cause, 'RECORD_LIST_TOO_LARGE'))
    return new AppError('tooLarge', `${attempted}: larger than the broker takes`, { cause })
  return new AppError('unavailable', `${attempted}: ${describeError(cause)}`, {
    cause,
    headers: { 'retry-after': '1' },
  })
}

/** Ends what takes longer than it may; whatever it still does has no one waiting for it. */
export const within = async <T>(limitMs: number, attempted: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new AppError('unavailable', `${attempted} took longer than ${limitMs} ms`, {
      headers: { 'retry-after': '1' },
    })
    timer = setTimeout(() => reject(error), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
