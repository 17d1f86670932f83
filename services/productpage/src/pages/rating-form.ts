import { type Html, html } from '@bookinfo/html'
import type { FieldErrors, ReviewForm } from '../app/submit-review.ts'
import { chooseStars } from './stars.ts'

export type FormModel = { form: ReviewForm; errors?: FieldErrors; failure?: string }

/** The form as it starts: five stars, and an id that makes it one review however often it is sent. */
export const emptyForm = (productId: string, reviewId: string): ReviewForm => ({
  productId,
  reviewer: '',
  stars: '5',
  text: '',
  reviewId,
})

/** The form, with what was typed and what is wrong with it. */
export const renderForm = ({ form, errors = {}, failure }: FormModel): Html => {
  const problem =
    failure ?? errors.productId ?? (Object.keys(errors).length > 0 ? 'please look at the marked fields' : undefined)
  return html`${problem && html`<p class="banner bad" role="alert">Failed to submit: ${problem}</p>`}
<form class="rating-form" method="post" action="/partials/rating" hx-post="/partials/rating" hx-target="#rating-form-section" hx-swap="innerHTML" hx-disabled-elt="find button">
<input type="hidden" name="product_id" value="${form.productId}"><input type="hidden" name="review_id" value="${form.reviewId}">
<p><label for="reviewer">Your name</label><input id="reviewer" name="reviewer" value="${form.reviewer}" maxlength="200" required autocomplete="name"${describedBy('reviewer', errors.reviewer)}>${fieldError('reviewer', errors.reviewer)}</p>
${chooseStars({ chosen: form.stars, error: errors.stars })}
<p><label for="text">Review</label><textarea id="text" name="text" rows="4" maxlength="10000" required${describedBy('text', errors.text)}>${form.text}</textarea>${fieldError('text', errors.text)}</p>
<p><button class="primary" type="submit">Submit review</button></p></form>`
}

const describedBy = (name: string, error: string | undefined): Html | undefined =>
  error === undefined ? undefined : html` aria-invalid="true" aria-describedby="${name}-error"`

const fieldError = (name: string, error: string | undefined): Html | undefined =>
  error === undefined ? undefined : html`<span class="field-error" id="${name}-error">${error}</span>`

/** What is shown when a review was taken: the list is fetched again at once, and a fresh form waits below. */
export const renderSubmitted = (model: { stars: number; warning: string | undefined; next: ReviewForm }): Html =>
  html`<p class="banner good" role="status">Review submitted successfully! You gave ${model.stars} star${model.stars !== 1 && 's'}.</p>
${model.warning && html`<p class="banner warn" role="alert">${model.warning}</p>`}
<div hx-get="/partials/reviews/${encodeURIComponent(model.next.productId)}" hx-trigger="load" hx-target="#reviews-section" hx-swap="innerHTML" hidden></div>
<details><summary>Write another review</summary>${renderForm({ form: model.next })}</details>`
