import { type Html, html } from '@bookinfo/html'
import type { Parked } from '../model.ts'
import { actionButton, ago, copyable, table } from './parts.ts'

/** Events that not even a dead letter could be made of, or that wait for a person. */
export const renderParked = (parked: readonly Parked[]): Html =>
  parked.length === 0
    ? html`<p class="nothing">Nothing is parked. An event is parked when it could neither be delivered nor become a dead letter.</p>`
    : table(
        'Parked events',
        [
          { name: 'Since' },
          { name: 'Event' },
          { name: 'Trigger' },
          { name: 'Why' },
          { name: 'Tries', isNumber: true },
          { name: 'Next try' },
          { name: 'Actions', isHidden: true },
        ],
        parked.map(
          ({ id, consumer, event_id: eventId, reason, retries, retry_at: retryAt, parked_at: at }) =>
            html`<tr><td>${ago(at)}</td><td>${copyable(eventId, `/events/${encodeURIComponent(eventId)}`)}</td><td>${consumer}</td><td class="why">${reason}</td>
<td class="number">${retries}</td><td>${retryAt === null ? 'waits for you' : ago(retryAt)}</td><td>${actionButton({ action: 'release', fields: { id: String(id) }, label: 'Release', name: `Release ${eventId}` })}</td></tr>`,
        ),
      )
