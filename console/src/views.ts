import { type Html, html, raw, render } from '@bookinfo/html'

type Letter = {
  id: string
  status: string
  failed_trigger: string
  event_id: string
  failure_error?: string
  retry_count: number
  created_at: string
  original_payload_text: string
}

export type PageModel = {
  services: { items: { name: string; state: string }[] }
  ledger: Record<'deliveries' | 'applied' | 'filtered' | 'superseded' | 'dead' | 'parked' | 'in_flight', number> & {
    balanced: boolean
  }
  parked: { items: { id: number; consumer: string; event_id: string; reason: string | null }[] }
  dead: { items: Letter[]; problem?: string }
  message: string | undefined
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d1b18, #e9e6e1); --soft: light-dark(#6a645b, #a39d94);
  --paper: light-dark(#faf8f4, #14161a); --card: light-dark(#fff, #1c1f25); --line: light-dark(#e2dcd2, #2f343d);
  --ok: light-dark(#1c6b3a, #6fd08c); --bad: light-dark(#a3281f, #ff8f85); --act: light-dark(#1f4e8c, #8db8f5); }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-inline-size: 72rem; margin-inline: auto; padding: 16px }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin-block: 24px 8px }
table { inline-size: 100%; border-collapse: collapse; background: var(--card); font-variant-numeric: tabular-nums }
th, td { text-align: start; padding: 8px; border-block-end: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 500; font-size: .85rem }
code { font: .85rem ui-monospace, monospace; overflow-wrap: anywhere }
button, input { font: inherit; padding: 6px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); color: var(--ink) }
button { cursor: pointer; color: var(--act) } :focus-visible { outline: 2px solid var(--act); outline-offset: 2px }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 8px; margin: 0 }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 8px }
.figures dt { color: var(--soft); font-size: .85rem } .figures dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums }
.ok { color: var(--ok) } .bad { color: var(--bad) } .soft { color: var(--soft) } .scroll { overflow-x: auto }
[role=status] { padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--card) }`

const page = (title: string, content: Html): string =>
  `<!doctype html>${render(html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${raw(style)}</style></head><body><main>${content}</main></body></html>`)}`

/** Asks for the token. */
export const renderLogin = (problem: string | undefined): string =>
  page(
    'Operator — Bookinfo',
    html`<h1>Operator</h1>
${problem && html`<p role="status" class="bad">${problem}</p>`}
<form method="post" action="/"><p><label for="token">Operator token</label><br>
<input id="token" name="token" type="password" autocomplete="current-password" required> <button>Open</button></p>
<p class="soft">The token is in the file <code>operator-token</code> of the data folder.</p></form>`,
  )

/** The whole page. */
export const renderPage = ({ services, ledger, parked, dead, message }: PageModel): string =>
  page(
    'Operator — Bookinfo',
    html`<h1>Operator</h1>
${message && html`<p role="status">${message}</p>`}
<h2>Deliveries</h2><dl class="figures">${(
      ['deliveries', 'applied', 'filtered', 'superseded', 'dead', 'parked', 'in_flight'] as const
    ).map(
      (name) => html`<div><dt>${name.replace('_', ' ')}</dt><dd>${ledger[name]}</dd></div>`,
    )}<div><dt>ledger</dt><dd class="${ledger.balanced ? 'ok' : 'bad'}">${ledger.balanced ? 'balanced' : 'not balanced'}</dd></div></dl>
<h2>Services</h2><div class="scroll"><table><thead><tr><th>Service</th><th>State</th><th>Action</th></tr></thead><tbody>${services.items.map(serviceRow)}</tbody></table></div>
<h2>Dead letters</h2>${dead.problem ? html`<p class="bad">Dead letters cannot be read: ${dead.problem}</p>` : letterTable(dead.items)}
<h2>Parked events</h2>${
      parked.items.length === 0
        ? html`<p class="soft">None.</p>`
        : html`<div class="scroll"><table><thead><tr><th>Trigger</th><th>Event</th><th>Reason</th><th>Action</th></tr></thead><tbody>${parked.items.map(
            ({ id, consumer, event_id: eventId, reason }) =>
              html`<tr><td>${consumer}</td><td><code>${eventId}</code></td><td>${reason}</td><td>${action('release', { id: String(id) }, `Release ${eventId}`)}</td></tr>`,
          )}</tbody></table></div>`
    }`,
  )

const serviceRow = ({ name, state }: { name: string; state: string }): Html => {
  const isRunning = state === 'running'
  const next = isRunning ? 'stop' : 'start'
  return html`<tr><td>${name}</td><td class="${isRunning ? 'ok' : 'bad'}">${state}</td><td>${action(next, { name }, `${isRunning ? 'Stop' : 'Start'} ${name}`)}</td></tr>`
}

const letterTable = (letters: readonly Letter[]): Html =>
  letters.length === 0
    ? html`<p class="soft">None. Stop a service and write something to see one.</p>`
    : html`<div class="scroll"><table><thead><tr><th>Since</th><th>Trigger</th><th>State</th><th>Why</th><th>Payload</th><th>Action</th></tr></thead><tbody>${letters.map(
        (
          letter,
        ) => html`<tr><td><time datetime="${letter.created_at}">${letter.created_at.slice(0, 19).replace('T', ' ')}</time></td>
<td>${letter.failed_trigger}</td><td>${letter.status}${letter.retry_count > 0 && html` <span class="soft">(${letter.retry_count} failed replays)</span>`}</td>
<td>${letter.failure_error ?? 'unknown'}</td><td><code>${letter.original_payload_text.slice(0, 200)}</code></td>
<td>${letter.status === 'pending' && action('replay', { id: letter.id }, `Replay ${letter.event_id}`)}</td></tr>`,
      )}</tbody></table></div>`

const action = (name: string, fields: Record<string, string>, label: string): Html =>
  html`<form method="post" action="/"><input type="hidden" name="action" value="${name}">${Object.entries(fields).map(
    ([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`,
  )}<button aria-label="${label}">${name[0]?.toUpperCase()}${name.slice(1)}</button></form>`
