import { type Html, html, render } from '@bookinfo/html'

const sections = [
  ['/', 'Overview'],
  ['/deliveries', 'Deliveries'],
  ['/letters', 'Dead letters'],
  ['/parked', 'Parked'],
] as const

const document = (title: string, content: Html): string =>
  `<!doctype html>${render(html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} — Bookinfo operator</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/console.css"><script src="/console.js" defer></script></head><body>${content}</body></html>`)}`

export type PageModel = { title: string; section: string; notice: string | undefined; content: Html }

/** A page with the ways to all others. */
export const renderPage = ({ title, section, notice, content }: PageModel): string =>
  document(
    title,
    html`<a class="skip" href="#main">Skip to content</a>
<header><strong>Bookinfo <span class="soft">operator</span></strong><nav aria-label="Sections">${sections.map(
      ([href, name]) => html`<a href="${href}"${href === section && html` aria-current="page"`}>${name}</a>`,
    )}</nav><form method="post" action="/"><input type="hidden" name="action" value="leave"><button>Leave</button></form></header>
<main id="main" tabindex="-1"><div class="title"><h1>${title}</h1><p id="notice" role="status" class="notice">${notice}</p></div>${content}</main>`,
  )

/** Asks for the token. */
export const renderLogin = (problem: string | undefined): string =>
  document(
    'Operator',
    html`<main class="login"><h1>Bookinfo <span class="soft">operator</span></h1>
<form method="post"><label for="token">Operator token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${problem && html` aria-invalid="true" aria-describedby="problem"`}>
${problem && html`<p role="alert" class="failing" id="problem">${problem}</p>`}<button class="primary">Open</button></form>
<p class="soft">The token is in the file <code>operator-token</code> of the data folder. It is not kept in this browser; what is kept opens these pages only, until you leave.</p></main>`,
  )

/** Says why a page cannot be shown. */
export const renderProblem = (message: string): string =>
  renderPage({
    title: 'This cannot be shown',
    section: '',
    notice: undefined,
    content: html`<p class="failing">${message}</p><p><a href="/">To the overview</a></p>`,
  })
