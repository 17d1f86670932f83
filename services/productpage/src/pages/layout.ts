import { type Html, html, render } from '@bookinfo/html'

const htmxConfig = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '50[23]', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
})

export type LayoutModel = { title: string; q?: string; assets: string; content: Html }

/** A whole page around its content. `assets` names the version of styles and scripts. */
export const renderLayout = ({ title, q = '', assets, content }: LayoutModel): string =>
  `<!doctype html>${render(html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content="${htmxConfig}">
<title>${title} — Bookinfo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/styles.css?v=${assets}">
<script src="/static/app.js?v=${assets}"></script>
<script src="/static/htmx.min.js?v=${assets}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="site">
<a class="wordmark" href="/">Bookinfo</a>
<form class="search" role="search" action="/" method="get">
<label class="visually-hidden" for="search">Search by title or author</label>
<input id="search" type="search" name="q" value="${q}" placeholder="Title or author" autocomplete="off">
<button type="submit">Search</button>
</form>
<button class="theme" type="button" data-theme-switch hidden aria-label="Switch between light and dark">◐</button>
</header>
<main id="main" tabindex="-1">${content}</main>
<footer class="site"><p>Every write here is an event. Books from goodbooks-10k, CC BY-SA 4.0.</p></footer>
</body></html>`)}`

/** A page that says what went wrong and offers a way on. */
export const renderProblem = (problem: { status: number; message: string; assets: string }): string =>
  renderLayout({
    title: problem.status === 404 ? 'Not found' : 'Something went wrong',
    assets: problem.assets,
    content: html`<section class="problem"><h1>${problem.status === 404 ? 'This page is not here' : 'This did not work'}</h1>
<p>${problem.message}</p><p><a href="/">Browse all books</a></p></section>`,
  })
