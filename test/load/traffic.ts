import { setTimeout as delay } from 'node:timers/promises'
import { planArrivals } from './arrivals.ts'
import { createMeter, jsonPost, type Meter, send } from './meter.ts'
import { checksVerdict, quantile, report, total, type Verdict } from './report.ts'
import { until } from './until.ts'

export type TrafficOptions = {
  gateway: string
  /** Deletes what the load wrote. */
  token: string
  /** Iterations a second at the start. */
  rate: number
  durationMs: number
}

const reviewers = ['alice', 'bob', 'charlie', 'dave', 'eve']
const mark = 'k6 load test review by '
/** More at once means that the system does not keep up; what would begin then is left out and counted. */
const inFlightMax = 20
const p95MaxMs = 2_000
const failedShareMax = 0.1
const settleMaxMs = 30_000
const deleteRounds = 10

/** Readers who browse to a book, look at its fragments and rate it, at a rate that rises, rests and bursts. */
export const runTraffic = async ({ gateway, token, rate, durationMs }: TrafficOptions) => {
  const meter = createMeter()
  const book = await firstBook(gateway)
  const arrivals = planArrivals({ rate, durationMs })
  const startMs = performance.now()
  const running = new Set<Promise<void>>()
  let dropped = 0
  for (const atMs of arrivals) {
    await delay(Math.max(0, startMs + atMs - performance.now()))
    if (running.size >= inFlightMax) {
      dropped += 1
      continue
    }
    const iteration = iterate(meter, gateway, book).finally(() => running.delete(iteration))
    running.add(iteration)
  }
  await Promise.all(running)
  const verdicts = [...thresholds(meter, dropped), ...(await cleanUp({ gateway, book, token }).catch(unclean))]
  return { output: report(meter, verdicts), passed: verdicts.every(({ holds }) => holds) }
}

/** The first book that the catalogue's page links to, as it stands in the link. */
const firstBook = async (gateway: string): Promise<string> => {
  const { status, text } = await send(`${gateway}/`)
  const book = /href="\/products\/([^"?#]+)"/.exec(text)?.[1]
  if (book !== undefined) return book
  throw new Error(
    status === 200 ? 'the catalogue has no books yet' : `the catalogue at ${gateway} answered ${status}: ${text}`,
  )
}

const iterate = async (meter: Meter, gateway: string, book: string): Promise<void> => {
  const pages = [
    ['GET /', '/'],
    ['GET /products/{id}', `/products/${book}`],
    ['GET /partials/details/{id}', `/partials/details/${book}`],
    ['GET /partials/reviews/{id}', `/partials/reviews/${book}`],
  ] as const
  for (const [name, path] of pages) {
    const { status } = await meter.request(name, gateway + path)
    meter.check(`${name} is 200`, status === 200)
  }
  const name = 'POST /partials/rating'
  const { status, text } = await meter.request(name, `${gateway}/partials/rating`, { method: 'POST', body: form(book) })
  meter.check(`${name} is 200`, status === 200)
  meter.check('the answer says submitted successfully', text.includes('submitted successfully'))
}

const form = (book: string): URLSearchParams => {
  const reviewer = reviewers[Math.floor(Math.random() * reviewers.length)] as string
  const stars = 1 + Math.floor(Math.random() * 5)
  return new URLSearchParams({
    product_id: decodeURIComponent(book),
    reviewer,
    stars: String(stars),
    text: mark + reviewer,
  })
}

const thresholds = (meter: Meter, dropped: number): Verdict[] => {
  const { durationsMs, failed } = total(meter.steps())
  const p95 = quantile(durationsMs, 0.95)
  const failedShare = durationsMs.length === 0 ? 1 : failed / durationsMs.length
  return [
    { holds: p95 < p95MaxMs, text: `p95 of all requests is ${p95.toFixed(1)} ms, below ${p95MaxMs} ms` },
    {
      holds: failedShare < failedShareMax,
      text: `${(failedShare * 100).toFixed(1)} % of the requests failed, below ${failedShareMax * 100} %`,
    },
    { holds: dropped === 0, text: `${dropped} iterations were left out, with ${inFlightMax} under way` },
    checksVerdict(meter.checks()),
  ]
}

type Place = { gateway: string; book: string; token: string }

/** Waits until everything has arrived, then deletes the reviews of the load: the next run finds the book as it was. */
const cleanUp = async (place: Place): Promise<Verdict[]> => {
  await stableCount(place)
  const isSettled = await until(
    async () => {
      const { status, text } = await send(`${place.gateway}/partials/reviews/${place.book}`)
      return status === 200 && !text.includes('Processing')
    },
    { limitMs: settleMaxMs },
  )
  let deleted = 0
  for (let round = 0; round < deleteRounds; round += 1) {
    const ids = await ownReviews(place)
    if (ids.length === 0) break
    const statuses = await Promise.all(ids.map((id) => deleteReview(place, id)))
    deleted += statuses.filter((status) => status === 200 || status === 204).length
    await stableCount(place)
  }
  const left = (await ownReviews(place)).length
  return [
    { holds: isSettled, text: 'nothing is left "Processing"' },
    { holds: left === 0, text: `${deleted} reviews of the load were deleted, ${left} are left` },
  ]
}

const unclean = (error: Error): Verdict[] => [{ holds: false, text: `cleaning up failed: ${error.message}` }]

/** Waits until the number of reviews is the same three times in a row. */
const stableCount = async (place: Place): Promise<void> => {
  const seen: number[] = []
  await until(
    async () => {
      seen.push((await reviewsOf(place, 1)).total)
      return seen.length >= 3 && new Set(seen.slice(-3)).size === 1
    },
    { limitMs: settleMaxMs },
  )
}

type Reviews = { reviews: { id: string; text: string }[]; pagination: { total_items: number; total_pages: number } }

const reviewsOf = async ({ gateway, book }: Place, page: number) => {
  const { status, text } = await send(`${gateway}/v1/reviews/${book}?page=${page}&page_size=100`)
  if (status !== 200) throw new Error(`the reviews of ${book} were answered with ${status}: ${text}`)
  const { reviews, pagination } = JSON.parse(text) as Reviews
  return { reviews, total: pagination.total_items, pages: pagination.total_pages }
}

const ownReviews = async (place: Place): Promise<string[]> => {
  const ids: string[] = []
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await reviewsOf(place, page)
    pages = found.pages
    ids.push(...found.reviews.filter(({ text }) => text.startsWith(mark)).map(({ id }) => id))
  }
  return ids
}

const deleteReview = async ({ gateway, token }: Place, id: string): Promise<number> => {
  const init = jsonPost({ review_id: id }, { authorization: `Bearer ${token}` })
  return (await send(`${gateway}/v1/reviews/delete`, init)).status
}
