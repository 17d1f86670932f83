import { type Html, html } from '@bookinfo/html'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import type { ReviewNews } from '../app/review-news.ts'
import { renderRatings, renderScore } from './ratings.ts'
import { renderEntry, reviewCount } from './reviews.ts'
import { renderWatch } from './watch.ts'

export type NewsModel = {
  news: ReviewNews
  /** Read again when something has settled. */
  ratings: ProductRatings | undefined
  productId: string
  page: number
  tries: number
  own: ReadonlySet<string>
  now: Date
}

const replaces = html` hx-swap-oob="true"`

/** The next watch, and the entries that have settled; nothing else on the page is touched. */
export const renderNews = (model: NewsModel): Html => {
  const { news, ratings, productId, page, tries, own, now } = model
  const watch = renderWatch({ productId, page, ...news.settling, tries })
  const said = describeNews(news, own)
  if (said === undefined) return watch
  // A review on its way is shown on the first page only.
  const [entered, left] = page === 1 ? [news.stored, [...news.deleted, ...news.elsewhere]] : [[], news.deleted]
  return html`${watch}${entered.map((review) => renderEntry(review, { productId, page, own, now, swap: replaces }))}
${left.map((id) => html`<li id="review-${id}" hx-swap-oob="delete"></li>`)}
${sayNews(said)}${reviewCount(news, replaces)}${ratings && html`${renderScore(ratings, replaces)}${renderRatings(ratings, replaces)}`}`
}

/** Announces something in the place that screen readers listen to. */
export const sayNews = (text: string): Html => html`<p id="news" hx-swap-oob="innerHTML">${text}</p>`

const describeNews = ({ stored, elsewhere, deleted }: ReviewNews, own: ReadonlySet<string>): string | undefined => {
  const arrived = [...stored.map(({ id }) => id), ...elsewhere]
  if (arrived.length > 0)
    return arrived.some((id) => own.has(id)) ? 'Your review is stored.' : 'A new review is stored.'
  if (deleted.length > 0)
    return deleted.some((id) => own.has(id)) ? 'Your review was deleted.' : 'A review was deleted.'
  return undefined
}
