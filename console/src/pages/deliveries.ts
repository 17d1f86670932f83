import { type Html, html } from '@bookinfo/html'
import { type Attempt, type Delivery, type Lineage, outcomes } from '../model.ts'
import { ago, copyable, stateOf, table } from './parts.ts'

export type DeliveriesModel = { deliveries: readonly Delivery[]; trigger: string; outcome: string; limit: number }

/** What was delivered in the last day, newest first. */
export const renderDeliveries = ({ deliveries, trigger, outcome, limit }: DeliveriesModel): Html =>
  html`<form class="filter" method="get"><label>Outcome <select name="outcome"><option value="">any</option>${outcomes.map(
    (one) => html`<option${one === outcome && html` selected`}>${one}</option>`,
  )}</select></label><label>Trigger <input name="trigger" value="${trigger}"></label><button>Filter</button> <a href="/deliveries">Clear</a></form>
<p class="soft">${deliveries.length === limit ? `The newest ${limit} of the last day.` : `${deliveries.length} in the last day.`}</p>
${deliveries.length === 0 ? html`<p class="nothing">Nothing fits.</p>` : deliveryTable('Deliveries', deliveries)}`

/** One event's past: what it was, where it went, and what else its trace did. */
export const renderLineage = (event: Lineage): Html => {
  const facts = (['type', 'source', 'subject', 'key', 'log', 'origin', 'time', 'trace_id'] as const).filter(
    (name) => event[name],
  )
  return html`<p>${copyable(event.id, `/events/${encodeURIComponent(event.id)}`)}</p>
<dl class="facts">${facts.map((name) => html`<div><dt>${name.replace('_', ' ')}</dt><dd><code>${event[name]}</code></dd></div>`)}</dl>
${event.payload && html`<h2>Payload</h2><pre tabindex="0" aria-label="Payload">${prettyJson(event.payload)}</pre>`}
<h2>Deliveries</h2>${event.deliveries.length === 0 ? html`<p class="nothing">None has ended yet.</p>` : deliveryTable('Deliveries of this event', event.deliveries)}
<h2>In the same trace</h2>${event.related.length === 0 ? html`<p class="nothing">Nothing else.</p>` : deliveryTable('Deliveries of related events', event.related)}`
}

/** JSON on lines of its own; anything else as it is. */
export const prettyJson = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Every try with its time and what came of it. */
export const attemptList = (attempts: readonly Attempt[]): Html =>
  html`<ol class="attempts">${attempts.map(
    ({ at, duration_ms: durationMs, status, error }) =>
      html`<li>${ago(at)} · ${durationMs.toFixed(1)} ms · ${error ?? `status ${status ?? 'unknown'}`}</li>`,
  )}</ol>`

const deliveryTable = (caption: string, deliveries: readonly Delivery[]): Html =>
  table(
    caption,
    [
      { name: 'Ended' },
      { name: 'Event' },
      { name: 'Trigger' },
      { name: 'Outcome' },
      { name: 'Attempts', isNumber: true },
      { name: 'Took', isNumber: true },
      { name: 'Why' },
    ],
    deliveries.map(deliveryRow),
  )

const deliveryRow = ({ event_id: id, trigger, sensor, outcome, reason, attempts, finished_at: at }: Delivery): Html => {
  const tookMs = attempts.reduce((sum, { duration_ms: durationMs }) => sum + durationMs, 0)
  return html`<tr><td>${ago(at)}</td><td>${copyable(id, `/events/${encodeURIComponent(id)}`)}</td><td>${trigger} <span class="soft">${sensor}</span></td><td>${stateOf(outcome)}</td>
<td class="number">${attempts.length}</td><td class="number">${tookMs.toFixed(1)} ms</td><td class="why">${reason}</td></tr>`
}
