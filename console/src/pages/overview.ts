import { type Html, html } from '@bookinfo/html'
import type { Consumer, Figures, Ledger, ServiceState } from '../model.ts'
import { actionButton, linkedNumber, stateOf, table } from './parts.ts'

export type OverviewModel = {
  ledger: Ledger
  consumers: readonly Consumer[]
  /** Undefined where another system runs the services. */
  services: readonly ServiceState[] | undefined
  /** Letters that wait for a person; undefined while dlqueue is away. */
  waitingLetters: number | undefined
}

const figures = [
  ['deliveries', '/deliveries'],
  ['applied', '/deliveries?outcome=applied'],
  ['filtered', '/deliveries?outcome=filtered'],
  ['superseded', '/deliveries?outcome=superseded'],
  ['dead', '/deliveries?outcome=dead'],
  ['parked', '/parked'],
  ['in_flight', '/deliveries?outcome=held'],
] as const

/** Everything at a glance. */
export const renderOverview = ({ ledger, consumers, services, waitingLetters }: OverviewModel): Html =>
  html`<section aria-labelledby="ledger-title"><h2 id="ledger-title">Ledger</h2><dl class="figures" id="ledger" data-live>${figures.map(
    ([name, href]) => html`<div><dt>${name.replace('_', ' ')}</dt><dd>${linkedNumber(ledger[name], href)}</dd></div>`,
  )}<div><dt>sum</dt><dd>${stateOf(ledger.balanced ? 'balanced' : 'not balanced')}</dd></div>
<div><dt>letters waiting</dt><dd>${waitingLetters === undefined ? html`<span class="failing">dlqueue is away</span>` : linkedNumber(waitingLetters, '/letters?status=pending')}</dd></div></dl></section>
<section aria-labelledby="services-title"><h2 id="services-title">Services</h2>${
    services === undefined
      ? html`<p class="soft">Services are not run by this process; they cannot be stopped and started here.</p>`
      : html`<ul class="services" id="services" data-live>${services.map(serviceItem)}</ul>`
  }</section>
<section aria-labelledby="triggers-title"><h2 id="triggers-title">Triggers</h2>${table(
    'What each trigger did',
    [
      { name: 'Trigger' },
      { name: 'State' },
      ...['Lag', 'In flight', 'Backing off', 'Applied', 'Dead', 'Parked'].map((name) => ({ name, isNumber: true })),
      { name: 'Last failure' },
    ],
    consumers.map((consumer) => triggerRow(consumer, ledger.by_consumer[consumer.name])),
    'triggers',
  )}</section>`

const serviceItem = ({ name, state }: ServiceState): Html => {
  const button =
    state === 'running'
      ? actionButton({
          action: 'stop',
          fields: { name },
          label: 'Stop',
          name: `Stop ${name}`,
          question: `Stop ${name}? Until it is started again, what is written to it is kept and tried again; what fails too often becomes a dead letter. Nothing is lost.`,
        })
      : actionButton({ action: 'start', fields: { name }, label: 'Start', name: `Start ${name}` })
  return html`<li><strong>${name}</strong> ${stateOf(state)} ${button}</li>`
}

const triggerRow = (consumer: Consumer, counted: Figures | undefined): Html => {
  const { trigger, sensor, lag, in_flight: inFlight, backing_off: backingOff, parked, last_error: lastError } = consumer
  const state = backingOff > 0 ? 'backing off' : lag + inFlight > 0 ? 'working' : 'idle'
  const list = (outcome: string) => `/deliveries?${new URLSearchParams({ trigger, outcome })}`
  return html`<tr><th scope="row"><a href="/deliveries?${new URLSearchParams({ trigger }).toString()}">${trigger}</a> <span class="soft">${sensor}</span></th><td>${stateOf(state)}</td>
${[lag, inFlight, backingOff].map((value) => html`<td class="number">${value === 0 ? html`<span class="none">0</span>` : value.toLocaleString('en')}</td>`)}
<td class="number">${linkedNumber(counted?.applied ?? 0, list('applied'))}</td><td class="number">${linkedNumber(counted?.dead ?? 0, `/letters?${new URLSearchParams({ failed_trigger: trigger })}`)}</td><td class="number">${linkedNumber(parked, '/parked')}</td>
<td class="why">${lastError ?? html`<span class="none">none</span>`}</td></tr>`
}
