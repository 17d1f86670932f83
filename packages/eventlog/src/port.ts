/** One event as its producer hands it over. The payload's bytes are kept exactly. */
export type NewEntry = {
  /** The event's name everywhere: CloudEvents `id`. */
  id: string
  /** Groups the entries of one log: `<eventSource>.<eventName>` on a bus, the empty string on a topic. */
  subject: string
  /** Entries of one key keep their order; the empty string means no key. */
  key: string
  headers: Record<string, string>
  payload: Buffer
  /** Who caused it; counted apart: a caller from outside, another part of the system, or a replay. */
  origin: Origin
  /** Makes a repeat harmless: the first entry with this key in its log and subject stands, later ones are answered with it. */
  dedupe?: { key: string; fingerprint: string }
}

export type Origin = 'client' | 'internal' | 'replay'

/** An entry as the log holds it. Positions of one partition grow without gaps, in commit order. */
export type Entry = Omit<NewEntry, 'dedupe'> & { partition: number; position: number; time: Date }

/** What became of one appended entry; `duplicate` answers with the first entry's id and says whether the content was the same. */
export type Appended = { duplicate: false; entry: Entry } | { duplicate: true; id: string; sameContent: boolean }

/** How many entries a log ever received, by subject and origin, whatever retention removed since. */
export type AppendCount = { subject: string; origin: Origin; count: number }

/** A durable, ordered log of events. Everything that crosses a process boundary as an event goes through one. */
export type EventLog = {
  /**
   * Stores the entries together, in the order given. Durable when it resolves; when it rejects, the outcome is unknown and the
   * caller may repeat it with the same dedupe key. Rejects with `unavailable` when the log is full or cannot be reached in time.
   */
  append(log: string, entries: readonly NewEntry[]): Promise<Appended[]>
  /**
   * Opens the cursor of a named consumer, creating it at `start` when it is new. Once this resolves, no later entry is missed.
   * At most one holder per name reads at a time, across processes; another holder takes over when the first one is gone.
   */
  consumer(options: ConsumerOptions): Promise<Consumer>
  /** Forgets a named consumer's cursor, so that retention no longer waits for it. */
  removeConsumer(log: string, name: string): Promise<void>
  /** The consumers a log knows, also those that nobody holds now. */
  consumers(log: string): Promise<{ name: string; partition: number; committed: number; lag: number }[]>
  /** Entries ever appended, counted when they were appended and independently of any consumer. */
  counts(log: string): Promise<AppendCount[]>
  /** Finds an entry by its event id, while retention keeps it. */
  find(log: string, id: string): Promise<Entry | undefined>
  /** Ends reads and waits for what is being stored; the storage itself stays. */
  close(): Promise<void>
}

export type ConsumerOptions = {
  log: string
  name: string
  /** Where a consumer that nobody knew begins: at the oldest entry kept, or after the newest one. */
  start: 'earliest' | 'latest'
  /** Only entries of these subjects are read; all when absent. */
  subjects?: readonly string[]
  /** Begins the reader's name on a broker that knows reader groups; the log's name does when absent. */
  group?: string
}

/** One named reader of a log. Reading and committing are apart: what was read and not committed is read again after a crash. */
export type Consumer = {
  /**
   * The next entries above everything this holder has read so far, in position order; at most `max`, at least one.
   * Waits until there is one; resolves with an empty list when `signal` aborts.
   */
  read(options: { max: number; signal: AbortSignal }): Promise<Entry[]>
  /** Everything up to this position of the partition is finished and will not be read again. Never moves backwards. */
  commit(partition: number, position: number): Promise<void>
  /** The last committed position of each partition, as it stood when the consumer was opened or last committed. */
  committed(): ReadonlyMap<number, number>
  /** Entries of this consumer's subjects after the last commit. */
  lag(): Promise<number>
  close(): Promise<void>
}
