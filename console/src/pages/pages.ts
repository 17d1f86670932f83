import { type Html, html } from '@bookinfo/html'
import { filterOf } from '../actions.ts'
import type { Apis } from '../apis.ts'
import { renderDeliveries, renderLineage } from './deliveries.ts'
import { renderPage } from './frame.ts'
import { renderLetter, renderLetters } from './letters.ts'
import { renderOverview } from './overview.ts'
import { renderParked } from './parked.ts'

const lettersPerPage = 50
const listMax = 200

type Shown = { title: string; section: string; content: Html }
type Asked = { query: URLSearchParams; id: string }

/** The pages by their addresses. */
export const createPages = (apis: Apis) => {
  const pages: Record<string, (asked: Asked) => Promise<Shown>> = {
    '/': async () => {
      const [ledger, consumers, services, letters] = await Promise.all([
        apis.ledger(),
        apis.consumers(),
        apis.services().catch(() => undefined),
        apis.letters({ status: 'pending', limit: 1, offset: 0 }).catch(() => undefined),
      ])
      const content = renderOverview({ ledger, consumers, services, waitingLetters: letters?.total_items })
      return { title: 'Overview', section: '/', content }
    },
    '/deliveries': async ({ query }) => {
      const [trigger, outcome] = [query.get('trigger') ?? '', query.get('outcome') ?? '']
      const deliveries = await apis.deliveries({
        limit: listMax,
        ...(trigger && { trigger }),
        ...(outcome && { outcome }),
      })
      const content = renderDeliveries({ deliveries, trigger, outcome, limit: listMax })
      return { title: 'Deliveries', section: '/deliveries', content }
    },
    '/events/*': async ({ id }) => ({
      title: 'Event',
      section: '/deliveries',
      content: renderLineage(await apis.lineage(id)),
    }),
    '/letters': async ({ query }) => {
      const filter = filterOf(query)
      const offset = /^\d{1,6}$/.test(query.get('offset') ?? '') ? Number(query.get('offset')) : 0
      const isWaiting = filter.status === undefined || filter.status === 'pending'
      const [found, waiting] = await Promise.all([
        apis.letters({ ...filter, limit: lettersPerPage, offset }),
        isWaiting ? apis.letters({ ...filter, status: 'pending', limit: 1, offset: 0 }) : { total_items: 0 },
      ])
      const content = renderLetters({
        letters: found.items,
        total: found.total_items,
        waiting: waiting.total_items,
        filter,
        offset,
        limit: lettersPerPage,
      })
      return { title: 'Dead letters', section: '/letters', content }
    },
    '/letters/*': async ({ id }) => ({
      title: 'Dead letter',
      section: '/letters',
      content: renderLetter(await apis.letter(id)),
    }),
    '/parked': async () => {
      const parked = await apis.parked(listMax)
      const note =
        parked.length === listMax && html`<p class="soft">The oldest ${listMax}; release these to see the next.</p>`
      return { title: 'Parked events', section: '/parked', content: html`${note}${renderParked(parked)}` }
    },
  }
  return {
    /** The page at an address; undefined when there is none. */
    find: ({ pathname, searchParams }: URL): ((notice: string | undefined) => Promise<string>) | undefined => {
      const [, section = '', id = '', ...rest] = pathname.split('/')
      const page = rest.length === 0 ? pages[id === '' ? `/${section}` : `/${section}/*`] : undefined
      if (page === undefined) return undefined
      return async (notice) => renderPage({ ...(await page({ query: searchParams, id: decode(id) })), notice })
    },
  }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
