import type { Appended, NewEntry } from '../port.ts'
import type { Journal, Place } from './journal.ts'
import type { UsedKey } from './keys.ts'

const rememberedMax = 20_000

/** Stores entries on the broker, in the order given for each key; tells where each one stands. */
export type Send = (entries: readonly NewEntry[], time: Date) => Promise<Place[]>

/**
 * Stores batches of one log. A broker has no unique index, so a dedupe key is first taken in the journal, under the id of the event that
 * is to have it. A repeat of one that is not known to stand in the log is stored once more under that same id: either it was lost
 * before, or readers recognise the second record by its id.
 */
export const createStore = ({ journal, send }: { journal: Pick<Journal, 'useKeys'>; send: Send }, log: string) => {
  const stored = new Set<string>()
  const remember = (id: string) => {
    stored.add(id)
    if (stored.size > rememberedMax) for (const oldest of stored) return void stored.delete(oldest)
  }

  return async (entries: readonly NewEntry[]): Promise<Appended[]> => {
    const keys = await journal.useKeys(log, entries)
    const time = new Date()
    const taken = new Set<string>()
    const plans = entries.map((entry, index) => plan(entry, keys[index], { stored, taken }))
    const sending = plans.flatMap((one) => (one.send === undefined ? [] : [one.send]))
    const places = sending.length === 0 ? [] : await send(sending, time)
    for (const { id, dedupe } of sending) if (dedupe) remember(id)
    return plans.map(({ send: sent, duplicate }) => {
      const place = sent && places.shift()
      if (duplicate) return duplicate
      const { dedupe: _, ...fields } = sent as NewEntry
      return { duplicate: false, entry: { ...fields, ...(place as Place), time } }
    })
  }
}

/** What is sent for an entry, if anything, and what its caller is told when it is not the first. */
const plan = (
  entry: NewEntry,
  used: UsedKey | undefined,
  { stored, taken }: { stored: ReadonlySet<string>; taken: Set<string> },
): { send?: NewEntry; duplicate?: Appended & { duplicate: true } } => {
  if (used === undefined) return { send: entry }
  const isOwn = used.id === entry.id && !taken.has(entry.id) && !stored.has(entry.id) && !used.isStored
  if (isOwn) {
    taken.add(entry.id)
    return { send: entry }
  }
  const sameContent = used.fingerprint === entry.dedupe?.fingerprint
  const duplicate = { duplicate: true as const, id: used.id, sameContent }
  const stands = used.isStored || stored.has(used.id) || taken.has(used.id)
  if (stands || !sameContent) return { duplicate }
  taken.add(used.id)
  return { send: { ...entry, id: used.id }, duplicate }
}
