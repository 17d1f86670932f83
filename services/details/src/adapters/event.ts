import { type OutgoingEvent, outgoingEvent } from '@bookinfo/eventlog'
import { bookAdded, details } from '../contract.ts'
import type { Book } from '../domain/book.ts'
import { toFacts } from './facts.ts'

/** The event that announces a stored book; its key is the book's id. */
export const addedEvent = (book: Book, { id, key }: { id: string; key: string }): OutgoingEvent =>
  outgoingEvent(bookAdded, {
    id,
    source: details.name,
    time: book.createdAt,
    data: { ...toFacts(book), idempotency_key: key },
  })
