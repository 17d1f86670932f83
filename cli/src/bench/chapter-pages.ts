import type { Setting } from './chapter.ts'
import { openLoop } from './open-loop.ts'
import { quantiles } from './quantiles.ts'

const ratePerSecond = 500
const durationMs = 4_000
const warmUpMs = 1_500

/** Pages at a steady rate: the catalogue of all books, and book pages with few and many reviews. */
export const measurePages = async (
  { client, recorder }: Setting,
  { reviewed }: { reviewed: ReadonlyMap<number, string> },
): Promise<void> => {
  const measure = async (path: string) => {
    await openLoop({ ratePerSecond: ratePerSecond / 2, durationMs: warmUpMs }, () => client.page(path))
    const { latenciesMs, failed } = await openLoop({ ratePerSecond, durationMs }, () => client.page(path))
    if (failed > 0) throw new Error(`${failed} pages at ${path} were not answered`)
    return quantiles(latenciesMs)
  }
  const row = (id: string, what: string, figures: Record<string, number>) =>
    recorder.row({ id, what, unit: 'ms', figures, aim: 'p50 3, p99 15' })
  const at = `at ${ratePerSecond} pages/s`
  row('page-catalogue', `catalogue page of 10,000 books, ${at}`, await measure('/'))
  row('page-search', `search among 10,000 books, ${at}`, await measure('/?q=the'))
  for (const [reviews, productId] of reviewed) {
    const figures = await measure(`/products/${productId}`)
    row(`page-${reviews}`, `book page with ${reviews.toLocaleString('en')} reviews, ${at}`, figures)
    recorder.point({ plot: 'pages', series: 'p50', x: reviews, y: figures.p50 })
    recorder.point({ plot: 'pages', series: 'p99', x: reviews, y: figures.p99 })
  }
}
