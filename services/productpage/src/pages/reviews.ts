import { type Html, html } from '@bookinfo/html'
import type { PendingReview } from '../ports.ts'
import type { ReviewsPage } from '../app/show-reviews.ts'
import { showStars } from './stars.ts'
import { initials, relativeTime } from './text.ts'

export type ReviewsModel = { reviews: ReviewsPage | undefined; productId: string; own: ReadonlySet<string>; now: Date }

/** The list of reviews. While something is on its way it looks again by itself, at the same page. */
export const renderReviews = ({ reviews, productId, own, now }: ReviewsModel): Html => {
  if (reviews === undefined) {
    return html`<p class="error" role="alert">Failed to load reviews. They are safe; please try again in a moment.</p>`
  }
  const { pending, page, totalPages, isSettling } = reviews
  const list = html`${pending.length + reviews.reviews.length === 0 && html`<p class="soft">No reviews yet. Be the first to write one.</p>`}
<ul class="reviews">${pending.map((review) => pendingEntry(review, now))}${reviews.reviews.map((review) => entry(review, { productId, own, now }))}</ul>
${totalPages > 1 && pager(productId, page, totalPages)}`
  if (!isSettling) return list
  const again = `/partials/reviews/${encodeURIComponent(productId)}?page=${page}`
  return html`<div hx-get="${again}" hx-trigger="every 2s" hx-target="#reviews-section" hx-swap="innerHTML">${list}</div>`
}

const avatar = (name: string): Html => html`<span class="avatar" aria-hidden="true">${initials(name)}</span>`

const pendingEntry = ({ id, reviewer, text, stars }: PendingReview, _now: Date): Html =>
  html`<li class="review review-pending" id="review-${id}"><div class="by">${avatar(reviewer)}<strong>${reviewer}</strong> <span class="badge">Processing — on its way</span></div>
${showStars(stars)} <span class="soft">${stars}/5</span><p>${text}</p></li>`

type Shown = ReviewsPage['reviews'][number]

const entry = (
  review: Shown,
  { productId, own, now }: { productId: string; own: ReadonlySet<string>; now: Date },
): Html => {
  const stars = review.rating?.stars ?? 0
  const at = new Date(review.created_at)
  return html`<li class="review${review.isDeleting && html` review-deleting`}" id="review-${review.id}"><div class="by">${avatar(review.reviewer)}<strong>${review.reviewer}</strong>
<time class="soft" datetime="${review.created_at}" title="${at.toUTCString()}">${relativeTime(at, now)}</time>${review.isDeleting && html` <span class="badge">Deleting…</span>`}</div>
${stars > 0 && html`${showStars(stars)} <span class="soft">${stars}/5</span>`}<p>${review.text}</p>
${own.has(review.id) && !review.isDeleting && deleteForm(review, productId)}</li>`
}

const deleteForm = ({ id, reviewer }: Shown, productId: string): Html => {
  const action = `/partials/reviews/${encodeURIComponent(id)}/delete?product_id=${encodeURIComponent(productId)}`
  return html`<form method="post" action="${action}" hx-post="${action}" hx-target="#reviews-section" hx-swap="innerHTML" hx-confirm="Are you sure you want to delete this review?"><button class="quiet" type="submit" aria-label="Delete the review by ${reviewer}">Delete</button></form>`
}

const pager = (productId: string, page: number, totalPages: number): Html => {
  const link = (to: number, label: string, rel: string) => {
    const id = encodeURIComponent(productId)
    return html`<a rel="${rel}" href="/products/${id}?page=${to}#reviews" hx-get="/partials/reviews/${id}?page=${to}" hx-target="#reviews-section" hx-swap="innerHTML">${label}</a>`
  }
  return html`<nav class="pager" aria-label="Pages of reviews">${page > 1 && link(page - 1, '« Prev', 'prev')}
<span>Page ${page} of ${totalPages}</span>${page < totalPages && link(page + 1, 'Next »', 'next')}</nav>`
}
