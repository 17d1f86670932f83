import { outgoingEvent } from '@bookinfo/eventlog'
import { bookFound, ingestion } from '../contract.ts'
import { toFoundBook } from './to-found-book.ts'
import type { BookPublisher, SourceBook } from '../ports.ts'

type Needs = { publisher: BookPublisher; now: () => Date }

/** How many books there were, and how many of them could be published. */
export type Published = { found: number; published: number; skipped: number }

/** Publishes books under an id made from their ISBN, so that publishing one again is the same record. */
export const publishBooks =
  ({ publisher, now }: Needs) =>
  async (books: readonly SourceBook[]): Promise<Published> => {
    const found = books.flatMap((book) => toFoundBook(book) ?? [])
    const events = found.map((data) =>
      outgoingEvent(bookFound, { id: data.idempotency_key, source: ingestion.name, time: now(), data }),
    )
    if (events.length > 0) await publisher.publish(events)
    return { found: books.length, published: events.length, skipped: books.length - events.length }
  }
