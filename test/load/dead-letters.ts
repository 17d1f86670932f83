import { createMeter, jsonPost, type Meter, send } from './meter.ts'
import { checksVerdict, report, type Verdict } from './report.ts'
import { until } from './until.ts'

export type DeadLetterOptions = { gateway: string; dlqueue: string; operator: string; token: string }

const products = ['dlq-test-p1', 'dlq-test-p2', 'dlq-test-p3']
const reviewer = 'dlq-resilience-test'
const resolver = 'k6-dlq-resilience-test'
/** Three attempts with their pauses take about twelve seconds. */
const lettersMaxMs = 60_000
const settleMaxMs = 30_000

type Letter = { id: string; event_id: string; status: string; sensor_name: string; failed_trigger: string }
type Letters = { items: Letter[]; total_items: number }

/**
 * Ratings while their service is stopped become dead letters; replayed after its start, each is stored once and its letter closes. The
 * letters of other events stay as they are.
 */
export const runDeadLetters = async (options: DeadLetterOptions) => {
  const meter = createMeter()
  const client = createClient(options, meter)
  const before = await client.counts()
  await client.control('stop')
  try {
    await inject(client, meter)
  } finally {
    await client.control('start')
  }
  await replay(client, meter, before)
  const verdicts: Verdict[] = [checksVerdict(meter.checks())]
  return { output: report(meter, verdicts), passed: verdicts.every(({ holds }) => holds) }
}

type Client = ReturnType<typeof createClient>

const createClient = ({ gateway, dlqueue, operator, token }: DeadLetterOptions, meter: Meter) => {
  const authorization = { authorization: `Bearer ${token}` }
  const events = new Set<string>()
  return {
    control: async (what: 'stop' | 'start'): Promise<void> => {
      const { status, text } = await send(`${operator}/api/services/ratings/${what}`, {
        method: 'POST',
        headers: authorization,
      })
      if (status !== 200) throw new Error(`the ${what} of ratings was answered with ${status}: ${text}`)
    },
    rate: async (product: string): Promise<number> => {
      const body = { product_id: product, reviewer, stars: 5 }
      const { status, headers } = await meter.request('POST /v1/ratings', `${gateway}/v1/ratings`, jsonPost(body))
      events.add(headers.get('event-id') ?? '')
      return status
    },
    counts: (): Promise<number[]> =>
      Promise.all(
        products.map(async (product) => {
          const { status, text } = await send(`${gateway}/v1/ratings/${product}`)
          return status === 200 ? (JSON.parse(text) as { count: number }).count : 0
        }),
      ),
    /** The letters of this sensor with this status, those of this run only. */
    letters: async (status: string): Promise<{ answered: number; total: number; own: Letter[] }> => {
      const query = `status=${status}&sensor_name=ratings-sensor&limit=50`
      const answer = await send(`${dlqueue}/v1/events?${query}`, { headers: authorization })
      const { items = [], total_items: total = 0 }: Partial<Letters> =
        answer.status === 200 ? (JSON.parse(answer.text) as Letters) : {}
      return { answered: answer.status, total, own: items.filter(({ event_id: event }) => events.has(event)) }
    },
    batch: (what: 'replay' | 'resolve', body: object) =>
      meter.request(
        `POST /v1/events/batch/${what}`,
        `${dlqueue}/v1/events/batch/${what}`,
        jsonPost(body, authorization),
      ),
  }
}

const inject = async (client: Client, meter: Meter): Promise<void> => {
  for (const product of products) meter.check('a rating is taken', (await client.rate(product)) === 200)
  const areThere = await until(async () => (await client.letters('pending')).own.length >= products.length, {
    limitMs: lettersMaxMs,
  })
  const { answered, total, own } = await client.letters('pending')
  meter.check('dead letters can be asked for', answered === 200)
  meter.check('every rating became a pending dead letter', areThere && total >= products.length)
  for (const letter of own) {
    meter.check('a letter is pending', letter.status === 'pending')
    meter.check('it names the sensor ratings-sensor', letter.sensor_name === 'ratings-sensor')
    meter.check('it names the trigger rating-submitted', letter.failed_trigger === 'rating-submitted')
  }
}

const replay = async (client: Client, meter: Meter, before: readonly number[]): Promise<void> => {
  const pending = (await client.letters('pending')).own
  const replayed = await client.batch('replay', { status: 'pending', sensor_name: 'ratings-sensor', limit: 50 })
  meter.check('all pending letters are replayed', replayed.status === 200 && affected(replayed.text) >= pending.length)
  const isStored = (counts: readonly number[]) => counts.every((count, index) => count === (before[index] ?? 0) + 1)
  meter.check(
    'every rating is stored, once',
    await until(async () => isStored(await client.counts()), { limitMs: settleMaxMs }),
  )
  const [open, closed] = [await client.letters('replayed'), await client.letters('resolved')]
  meter.check('every letter is replayed or resolved', open.own.length + closed.own.length === pending.length)
  const ids = pending.map(({ id }) => id)
  const resolved = await client.batch('resolve', { ids, resolved_by: resolver })
  meter.check('the letters are resolved', resolved.status === 200)
  meter.check('and stay resolved', (await client.letters('resolved')).own.length === pending.length)
  meter.check('every rating is still stored once', isStored(await client.counts()))
}

const affected = (text: string): number => (JSON.parse(text) as { affected_count: number }).affected_count
