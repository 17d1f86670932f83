import type { OutgoingEvent } from '@bookinfo/eventlog'

/** A book as a source lists it; what a source does not know is absent. */
export type SourceBook = {
  title: string | undefined
  authors: readonly string[]
  isbn: string | undefined
  year: number | undefined
  pages: number | undefined
  publisher: string | undefined
  language: string | undefined
}

/** A book of a catalogue file, with how many readers gave 1 to 5 stars. */
export type CatalogueBook = SourceBook & { stars: readonly number[] }

export type BookSource = {
  /** The books that a query finds. Rejects when the source does not answer, answers too much, or with something else than books. */
  search(query: string, options: { limit: number }): Promise<SourceBook[]>
}

export type BookPublisher = {
  /** Resolves when the broker has stored the events. */
  publish(events: readonly OutgoingEvent[]): Promise<void>
}
