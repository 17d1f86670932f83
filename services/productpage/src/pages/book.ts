import type { Detail } from '@bookinfo/details/contract'
import { type Html, html, raw } from '@bookinfo/html'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import { coverSvg } from './cover.ts'
import { renderLayout } from './layout.ts'
import { renderReviews, type ReviewsModel } from './reviews.ts'
import { showStars } from './stars.ts'
import { formatYear, plural } from './text.ts'

export type BookModel = {
  book: Detail
  ratings: ProductRatings | undefined
  reviews: ReviewsModel
  /** The form, or what became of it. */
  form: Html
  assets: string
}

/** A book with everything about it. */
export const renderBook = ({ book, ratings, reviews, form, assets }: BookModel): string =>
  renderLayout({
    title: book.title,
    assets,
    content: html`<nav class="trail" aria-label="Breadcrumb"><a href="/">Products</a> / <span aria-current="page">${book.title}</span></nav>
<article class="book-page">
<div class="cover">${raw(coverSvg(book))}</div>
<section id="details-section">${renderDetails(book)}${ratings === undefined ? html`<p class="error">Ratings cannot be read right now.</p>` : histogram(ratings)}</section>
</article>
<section class="columns"><div><h2 id="reviews">Reviews</h2><div id="reviews-section" aria-live="polite">${renderReviews(reviews)}</div></div>
<div><h2>Submit a Review</h2><div id="rating-form-section" aria-live="polite">${form}</div></div></section>`,
  })

/** A book's facts; what is not known is left out. */
export const renderDetails = (book: Detail): Html => {
  const facts: [string, string | undefined][] = [
    ['Year', book.year === undefined ? undefined : formatYear(book.year)],
    ['Pages', book.pages?.toLocaleString('en')],
    ['Type', book.type],
    ['Publisher', book.publisher],
    ['Language', book.language],
    ['ISBN-10', book.isbn_10],
    ['ISBN-13', book.isbn_13],
  ]
  return html`<h1>${book.title}</h1><p class="author">${book.author}</p>
<dl class="facts">${facts.map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

const histogram = ({ average, count, histogram: counts }: ProductRatings): Html => {
  if (count === 0) return html`<p class="soft">Not rated yet.</p>`
  const most = Math.max(...counts, 1)
  return html`<div class="rating"><p class="average"><span class="number">${average.toFixed(1)}</span> ${showStars(average)} <span class="soft">${plural(count, 'rating')}</span></p>
<ol class="histogram" reversed>${[5, 4, 3, 2, 1].map((stars) => {
    const many = counts[stars - 1] ?? 0
    return html`<li><span>${stars} <span class="visually-hidden">stars</span></span><meter min="0" max="${most}" value="${many}">${many}</meter><span>${many.toLocaleString('en')}</span></li>`
  })}</ol></div>`
}
