import { type Html, html } from '@bookinfo/html'
import type { ReviewsPage } from '../app/show-reviews.ts'
import type { PendingReview } from '../ports.ts'
import { renderPager } from './pager.ts'
import { showStars } from './stars.ts'
import { exactDate, exactTime, initials, plural, relativeTime } from './text.ts'
import { renderWatch } from './watch.ts'

export type ReviewsModel = {
  reviews: ReviewsPage | undefined
  productId: string
  own: ReadonlySet<string>
  now: Date
  /** Why the last thing that was asked for did not happen. */
  failure?: string | undefined
}

/** The list of reviews. While something is on its way, a watch asks what became of it. */
export const renderReviews = ({ reviews, productId, own, now, failure }: ReviewsModel): Html => {
  if (reviews === undefined) {
    return html`<p class="banner bad" role="alert">Failed to load reviews. They are safe; please try again in a moment.</p>`
  }
  const { pending, page, totalPages, settling } = reviews
  const isEmpty = pending.length + reviews.reviews.length === 0
  return html`${failure && html`<p class="banner bad" role="alert">${failure}</p>`}${isEmpty && emptyList(reviews)}
<ul class="reviews">${pending.map((review) => pendingEntry(review, own))}${reviews.reviews.map((review) => renderEntry(review, { productId, page, own, now }))}</ul>
${renderPager({ label: 'Pages of reviews', page, totalPages, href: (to) => pageAddress(productId, to), attributes: (to) => html`hx-get="/partials/reviews/${encodeURIComponent(productId)}?page=${to}" hx-target="#reviews-section" hx-swap="innerHTML show:#reviews:top" hx-push-url="${pageAddress(productId, to)}"` })}
${renderWatch({ productId, page, ...settling, tries: 0 })}`
}

/** How many reviews there are, for the heading. */
export const reviewCount = (reviews: Pick<ReviewsPage, 'total'> | undefined, swap?: Html): Html =>
  html`<span class="soft" id="review-count"${swap}>${reviews && reviews.total > 0 && plural(reviews.total, 'review')}</span>`

const pageAddress = (productId: string, page: number): string =>
  `/products/${encodeURIComponent(productId)}${page > 1 ? `?page=${page}` : ''}`

const emptyList = ({ page, productId }: ReviewsPage): Html =>
  page > 1
    ? html`<p class="empty">There are no reviews on page ${page}. <a href="${pageAddress(productId, 1)}#reviews">See the newest</a></p>`
    : html`<p class="empty">No reviews yet. Have you read it? <a href="#write">Be the first to say what you think.</a></p>`

const avatar = (name: string): Html => html`<span class="avatar" aria-hidden="true">${initials(name)}</span>`

const yours = html`<span class="badge">Yours</span>`

const pendingEntry = ({ id, reviewer, text, stars }: PendingReview, own: ReadonlySet<string>): Html =>
  html`<li class="review review-pending" id="review-${id}">${avatar(reviewer)}<div class="by"><strong dir="auto">${reviewer}</strong> ${own.has(id) && yours}<span class="badge moving">On its way</span></div>
<div class="given">${showStars(stars)} <span class="soft">${stars}/5</span></div><p class="said" dir="auto">${text}</p><noscript><p class="soft">Reload the page to see it settle.</p></noscript></li>`

type Shown = ReviewsPage['reviews'][number]

type EntryContext = { productId: string; page: number; own: ReadonlySet<string>; now: Date; swap?: Html }

/** A stored review. `swap` marks it as the new version of what a page shows. */
export const renderEntry = (review: Shown, { productId, page, own, now, swap }: EntryContext): Html => {
  const { id, reviewer, text, isDeleting } = review
  const stars = review.rating?.stars ?? 0
  return html`<li class="review${isDeleting && html` review-deleting`}${swap && html` settled`}" id="review-${id}"${swap}>${avatar(reviewer)}<div class="by"><strong dir="auto">${reviewer}</strong> ${own.has(id) && yours}${isDeleting && html`<span class="badge moving">Deleting…</span>`}</div>
<div class="given">${stars > 0 && html`${showStars(stars)} <span class="soft">${stars}/5</span> `}${when(new Date(review.created_at), now)}</div><p class="said" dir="auto">${text}</p>
${own.has(id) && !isDeleting && deleteForm(review, { productId, page })}</li>`
}

const dayMs = 86_400_000

const when = (at: Date, now: Date): Html =>
  html`<time class="soft" datetime="${at.toISOString()}" title="${exactTime(at)}">${relativeTime(at, now)}${now.getTime() - at.getTime() >= dayMs && html` · ${exactDate(at)}`}</time>`

/** Asks before it deletes, with and without scripts. */
const deleteForm = ({ id, reviewer }: Shown, { productId, page }: { productId: string; page: number }): Html => {
  const action = `/partials/reviews/${encodeURIComponent(id)}/delete?product_id=${encodeURIComponent(productId)}&page=${page}`
  return html`<button class="quiet" type="button" popovertarget="delete-${id}" aria-label="Delete the review by ${reviewer}">Delete</button>
<form class="question" id="delete-${id}" popover role="dialog" aria-labelledby="ask-${id}" method="post" action="${action}" hx-post="${action}" hx-target="#reviews-section" hx-swap="innerHTML"><p id="ask-${id}">Are you sure you want to delete this review? It cannot be brought back.</p>
<p class="ways"><button class="primary" type="submit">Delete review</button> <button type="button" popovertarget="delete-${id}" popovertargetaction="hide">Keep it</button></p></form>`
}
