import { type Pool, query } from '@bookinfo/database'

/** How long and how much of a finished log is kept. */
export type Retention = { ageMs: number; bytes: number }

const batchEntries = 5_000

/**
 * Removes what is old, or above the size, from the front of every log, and never what a consumer has not committed. Returns how many
 * entries went.
 */
export const trimLogs = async (pool: Pool, retention: Retention): Promise<number> => {
  const { rows } = await query<{ removed: string }>(pool, 'eventlog.trim', trimSql, [
    retention.ageMs,
    retention.bytes,
    batchEntries,
  ])
  return rows.reduce((sum, { removed }) => sum + Number(removed), 0)
}

const trimSql = `
  WITH bounds AS (
    SELECT l.log, l.floor, l.bytes, least(l.floor + $3, coalesce(min(c.committed), l.head)) AS last
    FROM eventlog_logs l LEFT JOIN eventlog_cursors c ON c.log = l.log GROUP BY l.log
  ), removed AS (
    DELETE FROM eventlog_entries e USING bounds b
    WHERE e.log = b.log AND e.position > b.floor AND e.position <= b.last
      AND (e.appended_at < now() - make_interval(secs => $1::float8 / 1000) OR b.bytes > $2)
    RETURNING e.log, e.position, octet_length(e.payload) + octet_length(e.headers) AS bytes
  )
  UPDATE eventlog_logs l SET floor = r.last, bytes = greatest(0, l.bytes - r.bytes)
  FROM (SELECT log, max(position) AS last, sum(bytes) AS bytes, count(*) AS removed FROM removed GROUP BY log) r
  WHERE l.log = r.log RETURNING r.removed`
