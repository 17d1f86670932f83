import { type Html, html } from '@bookinfo/html'

export type WatchModel = {
  productId: string
  page: number
  /** Reviews that are not stored yet, and such that are being deleted. */
  coming: readonly string[]
  going: readonly string[]
  tries: number
}

const firstPauseMs = 300
const growth = 1.6
const pauseMaxMs = 30_000
const triesMax = 120

/** An unseen element that asks what became of the reviews on their way, with growing pauses, and of nothing else. */
export const renderWatch = ({ productId, page, coming, going, tries }: WatchModel): Html => {
  if (coming.length + going.length === 0 || tries >= triesMax) return html`<div id="watch" hidden></div>`
  const query = new URLSearchParams([
    ['page', String(page)],
    ['tries', String(tries + 1)],
    ...coming.map((id): [string, string] => ['coming', id]),
    ...going.map((id): [string, string] => ['going', id]),
  ]).toString()
  const pauseMs = Math.min(pauseMaxMs, Math.round(firstPauseMs * growth ** tries))
  return html`<div id="watch" hidden hx-get="/partials/reviews/${encodeURIComponent(productId)}/news?${query}" hx-trigger="load delay:${pauseMs}ms" hx-swap="outerHTML"></div>`
}
