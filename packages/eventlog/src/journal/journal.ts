import { applyMigrations, type Pool, query } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import type { AppendCount, Entry, NewEntry } from '../port.ts'
import { schema } from '../postgres/schema.ts'
import { keepKeys, type UsedKey } from './keys.ts'
import { noteRecords } from './note.ts'
import { journalSchema } from './schema.ts'

/** Records of one partition, all that lie from one position to another. */
export type Piece = { partition: number; from: number; upto: number; entries: readonly Entry[] }

/** A position of a partition. Everything up to it lies behind. */
export type Place = { partition: number; position: number }

/** What a broker cannot answer about the logs it keeps, in PostgreSQL. */
export type Journal = {
  /** Notes and counts a piece, once whoever reads it first, and returns what is no repeat of another record. */
  note(log: string, piece: Piece): Promise<Entry[]>
  /** The same, without trusting what this process remembers: a crash of the database may have undone the newest notes. */
  noteAgain(log: string, piece: Piece): Promise<Entry[]>
  /** Binds a log to the topic that carries it; `conflict` when it was another one, whose positions mean other records. */
  bind(log: string, topicId: string): Promise<void>
  /** Up to where each partition has been noted; partitions that are new begin at zero. */
  heads(log: string, partitions: readonly number[]): Promise<Place[]>
  /** Who used each entry's dedupe key first: durable when it resolves. Nothing for entries without one. */
  useKeys(log: string, entries: readonly NewEntry[]): Promise<(UsedKey | undefined)[]>
  /** A named reader's places, made at `start` when nobody knew it; partitions that came later begin at their front. */
  cursor(reader: { log: string; name: string; start: readonly Place[] }): Promise<Place[]>
  /** Never moves backwards. */
  commit(reader: { log: string; name: string }, place: Place): Promise<void>
  remove(reader: { log: string; name: string }): Promise<void>
  cursors(log: string): Promise<{ name: string; partition: number; committed: number; lag: number }[]>
  /** Noted entries of a reader's subjects after its commits. */
  lag(reader: { log: string; name: string; subjects: readonly string[] | undefined }): Promise<number>
  counts(log: string): Promise<AppendCount[]>
  /** Where the event with this id stands. */
  find(log: string, id: string): Promise<Place | undefined>
  close(): Promise<void>
}

/** Makes the journal's tables, beside those of PostgreSQL's own logs. */
export const createJournalTables = async (pool: Pool): Promise<void> => {
  await applyMigrations(pool, [...schema, ...journalSchema], 'eventlog_migrations')
}

/** Opens the journal. The pool stays open when it is closed. */
export const openJournal = async ({
  pool,
  onProblem,
}: {
  pool: Pool
  onProblem: (error: unknown) => void
}): Promise<Journal> => {
  await createJournalTables(pool)
  const keys = keepKeys(pool, onProblem)
  return {
    ...noteRecords(pool),
    useKeys: keys.use,
    bind: async (log, topicId) => {
      await query(pool, 'journal.bind', bindSql, [log, topicId])
      const sql = 'SELECT topic_id FROM journal_topics WHERE log = $1'
      const { rows } = await query<{ topic_id: string }>(pool, 'journal.bound', sql, [log])
      if (rows[0]?.topic_id !== topicId)
        throw new AppError(
          'conflict',
          `the topic of ${log} is not the one that this database knows: its cursors mean other records; use another database`,
        )
    },
    heads: async (log, partitions) => {
      await query(pool, 'journal.partitions', partitionsSql, [log, partitions])
      const { rows } = await query<PlaceRow>(pool, 'journal.heads', headsSql, [log, partitions])
      return rows.map(toPlace)
    },
    cursor: async ({ log, name, start }) => {
      const values = [log, name, start.map(({ partition }) => partition), start.map(({ position }) => position)]
      await query(pool, 'journal.register', registerSql, values)
      const { rows } = await query<PlaceRow>(pool, 'journal.cursor', cursorSql, [log, name])
      return rows.map(toPlace)
    },
    commit: async ({ log, name }, { partition, position }) => {
      await query(pool, 'journal.commit', commitSql, [log, name, partition, position])
    },
    remove: async ({ log, name }) => {
      await query(pool, 'journal.remove', 'DELETE FROM journal_cursors WHERE log = $1 AND name = $2', [log, name])
    },
    cursors: async (log) => {
      const { rows } = await query<CursorRow>(pool, 'journal.cursors', cursorsSql, [log])
      return rows.map(({ name, partition, committed, lag }) => ({
        name,
        partition,
        committed: Number(committed),
        lag: Number(lag),
      }))
    },
    lag: async ({ log, name, subjects }) => {
      const { rows } = await query<{ lag: string }>(pool, 'journal.lag', lagSql, [log, name, subjects ?? null])
      return Number(rows[0]?.lag ?? 0)
    },
    counts: async (log) => {
      const sql = 'SELECT subject, origin, count FROM eventlog_counts WHERE log = $1'
      const { rows } = await query<AppendCount & { count: string }>(pool, 'journal.counts', sql, [log])
      return rows.map((row) => ({ ...row, count: Number(row.count) }))
    },
    find: async (log, id) => {
      const row = (await query<PlaceRow>(pool, 'journal.find', findSql, [log, id])).rows[0]
      return row && toPlace(row)
    },
    close: keys.close,
  }
}

type PlaceRow = { partition: number; position: string }
type CursorRow = { name: string; partition: number; committed: string; lag: string }

const toPlace = ({ partition, position }: PlaceRow): Place => ({ partition, position: Number(position) })

const bindSql = 'INSERT INTO journal_topics (log, topic_id) VALUES ($1, $2) ON CONFLICT DO NOTHING'

const partitionsSql = `
  INSERT INTO journal_heads (log, partition, head) SELECT $1, p, 0 FROM unnest($2::int[]) AS p ON CONFLICT DO NOTHING`

const headsSql = `
  SELECT partition, head AS position FROM journal_heads WHERE log = $1 AND partition = ANY ($2::int[]) ORDER BY partition`

const registerSql = `
  INSERT INTO journal_cursors (log, name, partition, committed)
  SELECT $1, $2, g.partition,
    CASE WHEN EXISTS (SELECT 1 FROM journal_cursors WHERE log = $1 AND name = $2) THEN 0 ELSE g.position END
  FROM unnest($3::int[], $4::bigint[]) AS g (partition, position) ON CONFLICT DO NOTHING`

const cursorSql = `
  SELECT partition, committed AS position FROM journal_cursors WHERE log = $1 AND name = $2 ORDER BY partition`

// Losing the newest commits to a crash only means that entries are read again.
const commitSql = `
  WITH quick AS (SELECT set_config('synchronous_commit', 'off', TRUE))
  UPDATE journal_cursors SET committed = $4 FROM quick WHERE log = $1 AND name = $2 AND partition = $3 AND committed < $4`

const cursorsSql = `
  SELECT c.name, c.partition, c.committed, greatest(0, coalesce(h.head, 0) - c.committed) AS lag
  FROM journal_cursors c LEFT JOIN journal_heads h ON h.log = c.log AND h.partition = c.partition
  WHERE c.log = $1 ORDER BY c.name, c.partition`

const lagSql = `
  SELECT count(*) AS lag FROM journal_cursors c
  JOIN journal_entries e ON e.log = c.log AND e.partition = c.partition AND e.position > c.committed
  WHERE c.log = $1 AND c.name = $2 AND ($3::text[] IS NULL OR e.subject = ANY ($3))`

const findSql = `
  SELECT partition, position FROM journal_entries WHERE log = $1 AND id = $2 AND origin <> 'replay'`
