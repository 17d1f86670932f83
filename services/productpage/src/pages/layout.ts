import { type Html, html, render } from '@bookinfo/html'
import { starShapes } from './stars.ts'

const htmxConfig = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '50[23]', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
})

export type LayoutModel = {
  title: string
  /** What the search field holds; `isLive` where the page has results to change while somebody types. */
  search?: { q: string; sort: string; isLive: boolean }
  assets: string
  content: Html
}

/** A whole page around its content. `assets` names the version of styles and scripts. */
export const renderLayout = ({ title, search, assets, content }: LayoutModel): string =>
  `<!doctype html>${render(html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Books, with what their readers say about them.">
<meta name="htmx-config" content="${htmxConfig}">
<title>${title} — Bookinfo</title>
<link rel="icon" href="/static/icon.svg?v=${assets}" type="image/svg+xml">
<link rel="stylesheet" href="/static/styles.css?v=${assets}">
<script src="/static/app.js?v=${assets}"></script>
<script src="/static/htmx.min.js?v=${assets}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="site"><div class="frame">
<a class="wordmark" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5.500C9.5 3.8 6 3.5 2.5 4v14.500c3.5-.5 7-.2 9.5 1.5 2.5-1.7 6-2 9.5-1.500V4c-3.5-.5-7-.2-9.5 1.500zm0 0V20"/></svg>Bookinfo</a>
${searchForm(search)}
<button class="theme" type="button" data-theme-switch aria-label="Dark theme" aria-pressed="false"><svg viewBox="0 0 24 24" aria-hidden="true"><path class="sun" d="M12 7.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2v2.500m0 15V22M4.9 4.900l1.8 1.800m10.6 10.600l1.8 1.800M2 12h2.500m15 0H22M4.9 19.100l1.8-1.800M17.3 6.700l1.8-1.8"/><path class="moon" d="M20 14.500A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.500z"/></svg></button>
</div></header>
${starShapes}
<main id="main" class="frame" tabindex="-1">${content}</main>
<footer class="site"><div class="frame"><p>Every rating and review here is an event: kept first, then carried to its place.</p><p>Books from goodbooks-10k, CC BY-SA 4.0.</p></div></footer>
</body></html>`)}`

/** Works as a plain form; on the catalogue it also searches while somebody types. */
const searchForm = (
  { q, sort, isLive }: NonNullable<LayoutModel['search']> = { q: '', sort: 'title', isLive: false },
): Html => {
  const live = html` hx-get="/" hx-trigger="input changed delay:200ms, search" hx-include="closest form" hx-target="#results" hx-select="#results" hx-swap="outerHTML" hx-select-oob="#found:innerHTML,#sorts" hx-sync="this:replace" hx-indicator="#results"`
  return html`<form class="search" role="search" action="/" method="get">
<label class="visually-hidden" for="search">Search by title or author</label>
<input id="search" type="search" name="q" value="${q}" placeholder="Title or author" autocomplete="off" maxlength="200" dir="auto"${isLive && live}>
${sort !== 'title' && html`<input type="hidden" name="sort" value="${sort}">`}<button type="submit">Search</button>
</form>`
}

export type ProblemModel = {
  status: number
  message: string
  assets: string
  /** Where to try again, when that can help. */
  retryHref?: string | undefined
}

/** A page that says what went wrong and offers a way on. */
export const renderProblem = ({ status, message, assets, retryHref }: ProblemModel): string => {
  const [title, heading] = status === 404 ? ['Not found', 'This page is not here'] : describe(status)
  return renderLayout({
    title,
    assets,
    content: html`<section class="problem"><p class="code" aria-hidden="true">${status}</p><h1>${heading}</h1>
<p>${message}</p><p class="ways">${retryHref && html`<a class="button primary" href="${retryHref}">Try again</a> `}<a class="button" href="/">Browse all books</a></p></section>`,
  })
}

const describe = (status: number): [string, string] =>
  status === 503 || status === 504
    ? ['Not available', 'This is away right now']
    : ['Something went wrong', 'This did not work']
