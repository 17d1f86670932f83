import type { Product } from '../../cli/src/product.ts'
import type { Sent } from './clients.ts'

const pageSize = 1_000
const letterPageSize = 200

/** What can be read afterwards: how often each reviewer's rating is stored and dead, and how often each book was notified about. */
type Found = { stored: Map<string, number>; dead: Map<string, number>; notified: number; deadNotifications: number }

/**
 * Compares what clients sent with what can be read, through the services' own routes: what was accepted is stored or a dead letter,
 * nothing is stored twice, nothing is there that nobody sent, and every stored rating was notified about once or has a dead letter.
 */
export const takeAccount = async (product: Product, sent: readonly Sent[]): Promise<string[]> => {
  const { stored, dead, notified, deadNotifications } = await findAll(
    product,
    new Set(sent.map(({ productId }) => productId)),
  )
  const known = new Set(sent.map(({ reviewer }) => reviewer))
  const lost = sent.filter(({ isAccepted, reviewer }) => isAccepted && !stored.has(reviewer) && !dead.has(reviewer))
  const twice = [...stored].filter(([, times]) => times > 1)
  const alien = [...stored.keys(), ...dead.keys()].filter((reviewer) => !known.has(reviewer))
  const total = [...stored.values()].reduce((sum, times) => sum + times, 0)
  const list = (names: readonly string[]) => names.slice(0, 10).join(', ')
  return [
    ...(lost.length > 0 ? [`lost ${lost.length} accepted ratings: ${list(lost.map(({ reviewer }) => reviewer))}`] : []),
    ...(twice.length > 0
      ? [`stored ${twice.length} ratings more than once: ${list(twice.map(([name]) => name))}`]
      : []),
    ...(alien.length > 0 ? [`${alien.length} ratings that nobody sent: ${list(alien)}`] : []),
    ...(notified > total ? [`${notified} notifications for ${total} ratings`] : []),
    ...(notified + deadNotifications < total
      ? [`only ${notified} notifications and ${deadNotifications} dead ones for ${total} ratings`]
      : []),
  ]
}

const findAll = async (product: Product, productIds: ReadonlySet<string>): Promise<Found> => {
  const { services } = product.addresses
  const stored = new Map<string, number>()
  for (const productId of productIds) {
    const read = (page: number) => `${services.ratings}/v1/ratings/${productId}?page=${page}&page_size=${pageSize}`
    await readPages<{ ratings: { reviewer: string }[] }>(product, read, ({ ratings }) => {
      for (const { reviewer } of ratings) count(stored, reviewer)
      return ratings.length === pageSize
    })
  }
  let notified = 0
  const read = (page: number) =>
    `${services.notification}/v1/notifications?recipient=system@bookinfo&page=${page}&page_size=${pageSize}`
  await readPages<{ notifications: { subject: string }[] }>(product, read, ({ notifications }) => {
    notified += notifications.filter(({ subject }) => productIds.has(subject)).length
    return notifications.length === pageSize
  })
  return { stored, notified, ...(await findLetters(product)) }
}

type LetterPage = { items: { failed_trigger: string; original_payload: { reviewer?: string } }[] }

const findLetters = async (product: Product): Promise<Pick<Found, 'dead' | 'deadNotifications'>> => {
  const dead = new Map<string, number>()
  let deadNotifications = 0
  const read = (page: number) =>
    `${product.addresses.services.dlqueue}/v1/events?limit=${letterPageSize}&offset=${(page - 1) * letterPageSize}`
  await readPages<LetterPage>(product, read, ({ items }) => {
    for (const { failed_trigger: trigger, original_payload: payload } of items) {
      if (trigger === 'rating-submitted') count(dead, String(payload.reviewer))
      if (trigger === 'notify-rating-submitted') deadNotifications += 1
    }
    return items.length === letterPageSize
  })
  return { dead, deadNotifications }
}

const readPages = async <Page>(
  product: Product,
  address: (page: number) => string,
  take: (page: Page) => boolean,
): Promise<void> => {
  for (let page = 1; take(await product.operator<Page>(address(page))); page += 1);
}

const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
