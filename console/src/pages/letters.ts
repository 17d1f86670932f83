import { type Html, html } from '@bookinfo/html'
import { type Letter, type LetterFilter, statuses } from '../model.ts'
import { attemptList, prettyJson } from './deliveries.ts'
import { actionButton, ago, copyable, stateOf, table } from './parts.ts'

export type LettersModel = {
  letters: readonly Letter[]
  total: number
  /** Those that fit the filter and wait for a person. */
  waiting: number
  filter: LetterFilter
  offset: number
  limit: number
}

/** Dead letters, filtered by the address. */
export const renderLetters = ({ letters, total, waiting, filter, offset, limit }: LettersModel): Html =>
  html`<form class="filter" method="get"><label>State <select name="status"><option value="">any</option>${statuses.map(
    (one) => html`<option${one === filter.status && html` selected`}>${one}</option>`,
  )}</select></label><label>Trigger <input name="failed_trigger" value="${filter.failed_trigger ?? ''}"></label><label>Source <input name="event_source" value="${filter.event_source ?? ''}"></label><label>Sensor <input name="sensor_name" value="${filter.sensor_name ?? ''}"></label><button>Filter</button> <a href="/letters">Clear</a></form>
<p class="row"><span class="soft">${total.toLocaleString('en')} ${total === 1 ? 'letter' : 'letters'}, ${waiting.toLocaleString('en')} waiting</span>${
    waiting > 0 &&
    actionButton({
      action: 'replay-all',
      fields: { ...filter },
      label: `Replay all ${waiting.toLocaleString('en')}`,
      name: `Replay all ${waiting.toLocaleString('en')} ${waiting === 1 ? 'letter' : 'letters'}`,
      question: `Send ${waiting.toLocaleString('en')} ${waiting === 1 ? 'event' : 'events'} again? These are all that fit the filter and wait. Each is delivered once: a service that has it already changes nothing.`,
    })
  }</p>
${letters.length === 0 ? html`<p class="nothing">No letter fits. Everything that was accepted has been delivered, or is still being tried.</p>` : letterTable(letters)}
<nav class="row" aria-label="Pages of letters">${offset > 0 && html`<a rel="prev" href="${pageAddress(filter, Math.max(0, offset - limit))}">« Newer</a>`}${total > limit && html`<span class="soft">${offset + 1}–${Math.min(total, offset + limit)} of ${total}</span>`}${offset + limit < total && html`<a rel="next" href="${pageAddress(filter, offset + limit)}">Older »</a>`}</nav>`

/** One letter with all that is known of it. */
export const renderLetter = (letter: Letter): Html => {
  const facts: [string, Html | string | undefined][] = [
    ['state', stateOf(letter.status)],
    ['event', copyable(letter.event_id, `/events/${encodeURIComponent(letter.event_id)}`)],
    ['type', letter.event_type],
    ['source', letter.event_source],
    ['trigger', `${letter.sensor_name}/${letter.failed_trigger}`],
    ['since', ago(letter.created_at)],
    ['failed replays', `${letter.retry_count} of ${letter.max_retries}`],
    ['last replay', letter.last_replayed_at && ago(letter.last_replayed_at)],
    ['closed', letter.resolved_at && html`${ago(letter.resolved_at)} by ${letter.resolved_by}`],
  ]
  return html`<p>${copyable(letter.id, `/letters/${encodeURIComponent(letter.id)}`)}</p><div class="row">${letterActions(letter)}</div>
<dl class="facts">${facts.map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<h2>Why it failed</h2><p class="why">${whyOf(letter)}</p>${letter.attempts.length > 0 && attemptList(letter.attempts)}
<h2>Payload</h2><pre tabindex="0" aria-label="Payload">${prettyJson(letter.original_payload_text)}</pre>
<h2>Headers</h2><pre tabindex="0" aria-label="Headers">${Object.entries(letter.original_headers)
    .map(([name, values]) => `${name}: ${values.join(', ')}`)
    .join('\n')}</pre>`
}

const whyOf = ({ failure_error: error, failure_status: status }: Letter): string =>
  error ?? (status === undefined ? 'It is not known.' : `Status ${status}`)

const letterActions = (letter: Letter): Html => {
  const { id, event_id: eventId, status } = letter
  return html`${status === 'pending' && actionButton({ action: 'replay', fields: { id }, label: 'Replay', name: `Replay ${eventId}` })}
${status === 'poisoned' && actionButton({ action: 'reset', fields: { id }, label: 'Reset', name: `Reset ${eventId}`, question: 'Give this letter its replays back? It failed every time; see first that its cause is gone.' })}
${(status === 'pending' || status === 'replayed') && actionButton({ action: 'resolve', fields: { id }, label: 'Close', name: `Close the letter of ${eventId}`, question: 'Close this letter without sending its event again? What it was to write stays unwritten.' })}`
}

const letterTable = (letters: readonly Letter[]): Html =>
  table(
    'Dead letters',
    [
      { name: 'Since' },
      { name: 'Letter' },
      { name: 'Trigger' },
      { name: 'State' },
      { name: 'Replays', isNumber: true },
      { name: 'Why' },
      { name: 'Payload' },
      { name: 'Actions', isHidden: true },
    ],
    letters.map(
      (
        letter,
      ) => html`<tr><td>${ago(letter.created_at)}</td><td>${copyable(letter.id, `/letters/${encodeURIComponent(letter.id)}`)}</td><td>${letter.failed_trigger}</td><td>${stateOf(letter.status)}</td>
<td class="number">${letter.retry_count}/${letter.max_retries}</td><td class="why">${whyOf(letter)}</td><td><code class="payload">${letter.original_payload_text.slice(0, 120)}</code></td><td><div class="row">${letterActions(letter)}</div></td></tr>`,
    ),
  )

const pageAddress = (filter: LetterFilter, offset: number): string =>
  `/letters?${new URLSearchParams({ ...filter, ...(offset > 0 && { offset: String(offset) }) })}`
