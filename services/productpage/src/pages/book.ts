import type { Detail } from '@bookinfo/details/contract'
import { type Html, html, raw } from '@bookinfo/html'
import type { ProductRatings } from '@bookinfo/ratings/contract'
import { coverSvg } from './cover.ts'
import { renderLayout } from './layout.ts'
import { renderRatings, renderScore } from './ratings.ts'
import { renderReviews, type ReviewsModel, reviewCount } from './reviews.ts'
import { formatYear, languageName, splitSeries } from './text.ts'

export type BookModel = {
  book: Detail
  ratings: ProductRatings | undefined
  reviews: ReviewsModel
  /** The form, or what became of it. */
  form: Html
  /** Said once, where changes of the reviews are announced. */
  news?: string | undefined
  assets: string
}

const longTitleCharacters = 80

/** A book with everything about it. */
export const renderBook = ({ book, ratings, reviews, form, news, assets }: BookModel): string =>
  renderLayout({
    title: book.title,
    assets,
    content: html`<nav class="trail" aria-label="Breadcrumb"><a href="/">Products</a> <span aria-hidden="true">/</span> <span aria-current="page" dir="auto">${splitSeries(book.title).name}</span></nav>
${awayBanner({ ratings, reviews })}
<article class="book-page"><div class="cover">${raw(coverSvg(book))}</div>
<div class="about"><section id="details-section">${renderDetails(book)}</section>
${renderScore(ratings)}
<p class="ways"><a class="button primary" href="#write">Write a review</a></p></div></article>
<div class="columns"><section aria-labelledby="reviews"><div class="heading"><h2 id="reviews" tabindex="-1">Reviews</h2> ${reviewCount(reviews.reviews)}<p class="news" id="news" role="status">${news}</p></div>
${renderRatings(ratings)}
<div id="reviews-section">${renderReviews(reviews)}</div></section>
<section class="write" aria-labelledby="write"><h2 id="write">Submit a Review</h2><div id="rating-form-section">${form}</div></section></div>`,
  })

/** A book's facts; what is not known is left out. */
export const renderDetails = (book: Detail): Html => {
  const facts: [string, string | undefined][] = [
    ['Year', book.year === undefined ? undefined : formatYear(book.year)],
    ['Pages', book.pages?.toLocaleString('en')],
    ['Type', book.type && `${book.type[0]?.toUpperCase()}${book.type.slice(1)}`],
    ['Publisher', book.publisher],
    ['Language', book.language && languageName(book.language)],
    ['ISBN-10', book.isbn_10],
    ['ISBN-13', book.isbn_13],
  ]
  const { name, series } = splitSeries(book.title)
  return html`<h1 dir="auto"${name.length > longTitleCharacters && html` class="long"`}>${name}</h1>${series && html`<p class="series" dir="auto">${series}</p>`}<p class="author" dir="auto">${book.author}</p>
<dl class="facts">${facts.map(([term, value]) => value && html`<div><dt>${term}</dt><dd dir="auto">${value}</dd></div>`)}</dl>`
}

/** Says what is away, and only that. */
const awayBanner = ({ ratings, reviews }: Pick<BookModel, 'ratings' | 'reviews'>): Html | undefined => {
  const away = [ratings === undefined && 'ratings', reviews.reviews === undefined && 'reviews'].filter(Boolean)
  if (away.length === 0) return undefined
  return html`<p class="banner warn" role="status">Right now ${away.join(' and ')} cannot be read. What was written is safe, and what you write now is kept until it can be stored.</p>`
}
