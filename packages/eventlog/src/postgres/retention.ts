import { setTimeout as delay } from 'node:timers/promises'
import { type Pool, query } from '@bookinfo/database'

/** How long and how much of a finished log is kept. */
export type Retention = { ageMs: number; bytes: number }

const batchEntries = 5_000
const intervalMs = 60_000

/** Trims all logs now and then until the signal aborts; resolves when it has ended. */
export const trimRegularly = async (needs: {
  pool: Pool
  retention: Retention
  signal: AbortSignal
  onProblem: (error: unknown) => void
}): Promise<void> => {
  const { pool, retention, signal, onProblem } = needs
  const pause = () => delay(intervalMs, undefined, { signal, ref: false }).catch(() => {})
  for (await pause(); !signal.aborted; await pause()) {
    try {
      while (!signal.aborted && (await trimLogs(pool, retention)) > 0);
    } catch (error) {
      onProblem(error)
    }
  }
}

/**
 * Removes a piece of what is old, or above the size, from the front of every log, and never what a consumer has not committed. Returns
 * how many entries went; none when nothing is left to remove.
 */
export const trimLogs = async (pool: Pool, retention: Retention): Promise<number> => {
  const values = [retention.ageMs, retention.bytes, batchEntries]
  const { rows } = await query<{ removed: string }>(pool, 'eventlog.trim', trimSql, values)
  return rows.reduce((sum, { removed }) => sum + Number(removed), 0)
}

// Times may run a little against positions, so a log ends where the first entry stays, not where the last one goes.
const trimSql = `
  WITH finished AS (
    SELECT l.log, l.floor, l.bytes, least(l.head, min(c.committed)) AS last
    FROM eventlog_logs l LEFT JOIN eventlog_cursors c ON c.log = l.log GROUP BY l.log
  ), oldest AS (
    SELECT f.log, e.position, e.appended_at < now() - make_interval(secs => $1::float8 / 1000)
      OR f.bytes - sum(e.bytes) OVER (PARTITION BY f.log ORDER BY e.position) + e.bytes > $2::bigint AS goes
    FROM finished f CROSS JOIN LATERAL (
      SELECT position, appended_at, octet_length(payload) + octet_length(headers) AS bytes FROM eventlog_entries
      WHERE log = f.log AND position > f.floor AND position <= f.last ORDER BY position LIMIT $3
    ) e
  ), cut AS (
    SELECT log, coalesce(min(position) FILTER (WHERE NOT goes) - 1, max(position)) AS last FROM oldest GROUP BY log
  ), removed AS (
    DELETE FROM eventlog_entries e USING cut, finished f
    WHERE e.log = cut.log AND f.log = cut.log AND e.position > f.floor AND e.position <= cut.last
    RETURNING e.log, e.position, octet_length(e.payload) + octet_length(e.headers) AS bytes
  )
  UPDATE eventlog_logs l SET floor = greatest(l.floor, r.last), bytes = greatest(0, l.bytes - r.bytes)
  FROM (SELECT log, max(position) AS last, sum(bytes) AS bytes, count(*) AS removed FROM removed GROUP BY log) r
  WHERE l.log = r.log RETURNING r.removed`
