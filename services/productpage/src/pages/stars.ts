import { type Html, html } from '@bookinfo/html'

const star = 'M10 1.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8L10 14.9l-5.2 2.7 1-5.8L1.6 7.7l5.8-.8z'

/** Stars as a picture with a text of its own. */
export const showStars = (stars: number): Html =>
  html`<span class="stars" role="img" aria-label="${stars.toFixed(stars % 1 === 0 ? 0 : 1)} of 5 stars"><svg viewBox="0 0 100 20" aria-hidden="true">${[
    0, 1, 2, 3, 4,
  ].map(
    (at) => html`<path class="${at + 0.5 <= stars ? 'full' : 'empty'}" transform="translate(${at * 20})" d="${star}"/>`,
  )}</svg></span>`

/** The control to choose stars with: a group of radio buttons, by keyboard too. */
export const chooseStars = ({ chosen, error }: { chosen: string; error: string | undefined }): Html =>
  html`<fieldset class="choose-stars"${error && html` aria-describedby="stars-error"`}><legend>Rating</legend><span class="choices">${[
    1, 2, 3, 4, 5,
  ].map(
    (value) =>
      html`<input type="radio" id="stars-${value}" name="stars" value="${value}"${chosen === String(value) && html` checked`} required><label for="stars-${value}"><span class="visually-hidden">${value} ${value === 1 ? 'star' : 'stars'}</span><svg viewBox="0 0 20 20" aria-hidden="true"><path d="${star}"/></svg></label>`,
  )}</span>${error && html`<p class="field-error" id="stars-error">${error}</p>`}</fieldset>`
