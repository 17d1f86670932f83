import { setTimeout as delay } from 'node:timers/promises'
import { type Pool, query } from '@bookinfo/database'
import type { NewEntry } from '../port.ts'

/** Who used a dedupe key first, and whether that event is known to stand in the log. */
export type UsedKey = { id: string; fingerprint: string; isStored: boolean }

const keepDays = 8
const intervalMs = 60_000
const batchRows = 5_000

/** Keeps dedupe keys, and forgets them and where events stood after the days that a log is kept. */
export const keepKeys = (pool: Pool, onProblem: (error: unknown) => void) => {
  const closed = new AbortController()
  const forgetting = forgetRegularly(pool, closed.signal, onProblem)
  return {
    use: async (log: string, entries: readonly NewEntry[]): Promise<(UsedKey | undefined)[]> => {
      const keyed = entries.filter(({ dedupe }) => dedupe !== undefined)
      if (keyed.length === 0) return entries.map(() => undefined)
      const values = [
        log,
        keyed.map(({ subject }) => subject),
        keyed.map(({ dedupe }) => dedupe?.key),
        keyed.map(({ id }) => id),
        keyed.map(({ dedupe }) => dedupe?.fingerprint),
      ]
      await query(pool, 'journal.use', useSql, values)
      const { rows } = await query<Row>(pool, 'journal.used', usedSql, values.slice(0, 3))
      const used = rows.map(({ id, fingerprint, is_stored: isStored }) => ({ id, fingerprint, isStored }))
      return entries.map(({ dedupe }) => dedupe && used.shift())
    },
    close: async () => {
      closed.abort()
      await forgetting
    },
  }
}

type Row = { id: string; fingerprint: string; is_stored: boolean }

const useSql = `
  INSERT INTO journal_keys (log, subject, key, id, fingerprint)
  SELECT DISTINCT ON (g.subject, g.key) $1, g.subject, g.key, g.id, g.fingerprint
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS g (subject, key, id, fingerprint, ord)
  ORDER BY g.subject, g.key, g.ord ON CONFLICT DO NOTHING`

const usedSql = `
  SELECT k.id, k.fingerprint, EXISTS (
    SELECT 1 FROM journal_entries e WHERE e.log = $1 AND e.id = k.id AND e.origin <> 'replay'
  ) AS is_stored
  FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS g (subject, key, ord)
  JOIN journal_keys k ON k.log = $1 AND k.subject = g.subject AND k.key = g.key ORDER BY g.ord`

const forgetRegularly = async (pool: Pool, signal: AbortSignal, onProblem: (error: unknown) => void) => {
  const pause = () => delay(intervalMs, undefined, { signal, ref: false }).catch(() => {})
  for (await pause(); !signal.aborted; await pause()) {
    try {
      for (const sql of [forgetKeysSql, forgetEntriesSql])
        while (!signal.aborted && (await pool.query(sql, [keepDays, batchRows])).rowCount);
    } catch (error) {
      onProblem(error)
    }
  }
}

const forgetKeysSql = `
  DELETE FROM journal_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM journal_keys WHERE used_at < now() - make_interval(days => $1) LIMIT $2))`

const forgetEntriesSql = `
  DELETE FROM journal_entries WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM journal_entries WHERE noted_at < now() - make_interval(days => $1) LIMIT $2))`
