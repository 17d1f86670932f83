import type { Letter, Status } from './domain.ts'

export type LetterFilter = {
  status?: Status | undefined
  eventSource?: string | undefined
  sensorName?: string | undefined
  failedTrigger?: string | undefined
  createdAfter?: Date | undefined
  createdBefore?: Date | undefined
}

export type LetterStore = {
  /** Stores a letter unless there is one of the same sensor, trigger and event; answers with the one that stands. */
  addOnce(letter: Letter): Promise<{ letter: Letter; isNew: boolean }>
  find(id: string): Promise<Letter | undefined>
  /** Stores a change if the stored version is the one before it; false when somebody else was faster. */
  replace(letter: Letter): Promise<boolean>
  /** Newest first. */
  list(filter: LetterFilter, page: { offset: number; limit: number }): Promise<{ letters: Letter[]; total: number }>
  depth(): Promise<{ status: Status; eventSource: string; count: number }[]>
}

export type ReplayGateway = {
  /**
   * Sends the event again to the EventSource it came from, looked up by name in our own configuration. Resolves with the id under
   * which it travels; rejects with `conflict` when the name is unknown and `badGateway` or `unavailable` when it was not taken.
   */
  send(letter: Letter): Promise<string>
}

export type DeliveryStatus = {
  /** Whether the event was applied by this trigger; undefined while that is open or cannot be known. */
  isApplied(query: { eventId: string; sensorName: string; failedTrigger: string }): Promise<boolean | undefined>
}
