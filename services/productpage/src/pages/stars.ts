import { type Html, html } from '@bookinfo/html'

const star = 'M10 1.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8L10 14.9l-5.2 2.7 1-5.8L1.6 7.7l5.8-.8z'
const starWidth = 20

/** What pictures of stars are made of; stands once in every page. */
export const starShapes = html`<svg class="shapes" aria-hidden="true"><symbol id="star" viewBox="0 0 20 20"><path d="${star}"/></symbol><symbol id="stars" viewBox="0 0 100 20">${[
  0, 1, 2, 3, 4,
].map((at) => html`<path transform="translate(${at * starWidth})" d="${star}"/>`)}</symbol></svg>`

/** Stars as a picture, tenths included, with a text of its own. */
export const showStars = (stars: number): Html => {
  const width = Math.round(stars * starWidth)
  return html`<span class="stars" role="img" aria-label="${stars.toFixed(stars % 1 === 0 ? 0 : 1)} of 5 stars"><svg viewBox="0 0 100 20" aria-hidden="true"><use class="empty" href="#stars" width="100" height="20"/><svg width="${width}" height="20" viewBox="0 0 ${width} 20"><use class="full" href="#stars" width="100" height="20"/></svg></svg></span>`
}

/** The control to choose stars with: a group of radio buttons, by keyboard too. */
export const chooseStars = ({ chosen, error }: { chosen: string; error: string | undefined }): Html =>
  html`<fieldset class="choose-stars"${error && html` aria-describedby="stars-error"`}><legend>Rating</legend><span class="choices">${[
    1, 2, 3, 4, 5,
  ].map(
    (value) =>
      html`<input type="radio" id="stars-${value}" name="stars" value="${value}"${chosen === String(value) && html` checked`} required><label for="stars-${value}" title="${named(value)}"><span class="visually-hidden">${named(value)}</span><svg aria-hidden="true"><use href="#star"/></svg></label>`,
  )}</span>${error && html`<p class="field-error" id="stars-error">${error}</p>`}</fieldset>`

const named = (value: number): string => `${value} ${value === 1 ? 'star' : 'stars'}`
