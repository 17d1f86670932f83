import { type Html, html } from '@bookinfo/html'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import { showStars } from './stars.ts'
import { plural } from './text.ts'

/** The average in one line, for the top of the page. `swap` marks it as the new version of what a page shows. */
export const renderScore = (ratings: ProductRatings | undefined, swap?: Html): Html =>
  html`<p class="score" id="score"${swap}>${
    ratings === undefined
      ? undefined
      : ratings.count === 0
        ? html`<span class="soft">Not rated yet</span>`
        : html`${showStars(ratings.average)} <strong>${ratings.average.toFixed(1)}</strong> <a href="#reviews">${plural(ratings.count, 'rating')}</a>`
  }</p>`

/** The average and how many gave each number of stars. */
export const renderRatings = (ratings: ProductRatings | undefined, swap?: Html): Html =>
  html`<div class="ratings" id="ratings"${swap}>${content(ratings)}</div>`

const content = (ratings: ProductRatings | undefined): Html | undefined => {
  if (ratings === undefined) return html`<p class="error">Ratings cannot be read right now.</p>`
  const { average, count, histogram } = ratings
  if (count === 0) return undefined
  const rows = [5, 4, 3, 2, 1].map((stars) => {
    const many = histogram[stars - 1] ?? 0
    const share = Math.round((many / count) * 100)
    return html`<tr><th scope="row">${stars}<span class="visually-hidden"> ${stars === 1 ? 'star' : 'stars'}</span></th><td><svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><path d="M0 0h${share}v1h-${share}z"/></svg></td><td>${many.toLocaleString('en')}</td><td class="soft">${share}%</td></tr>`
  })
  return html`<p class="average"><span class="number">${average.toFixed(1)}</span>${showStars(average)}<span class="soft">${plural(count, 'rating')}</span></p>
<table class="histogram"><caption class="visually-hidden">Ratings by stars</caption><tbody>${rows}</tbody></table>`
}
