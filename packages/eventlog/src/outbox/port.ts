/** Sends a service's stored events to their topics in the background; nothing stored is forgotten. */
export type OutboxRelay = {
  /** Tells the relay that a write has just been committed. Returns at once. */
  wake(): void
  /** Events stored and not yet acknowledged by the broker. */
  backlog(): Promise<number>
  /** Resolves when everything stored before the call is published. */
  drained(): Promise<void>
  close(): Promise<void>
}
