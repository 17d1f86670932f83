import type { Migration } from '@bookinfo/database'

/** The tables of all logs of one database, and the function that appends to them. */
export const schema: Migration[] = [
  {
    name: '001_eventlog',
    sql: `
CREATE TABLE eventlog_logs (
  log TEXT PRIMARY KEY,
  head BIGINT NOT NULL DEFAULT 0,
  floor BIGINT NOT NULL DEFAULT 0,
  bytes BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 20);

CREATE TABLE eventlog_entries (
  log TEXT NOT NULL,
  position BIGINT NOT NULL,
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  headers TEXT NOT NULL,
  payload TEXT NOT NULL,
  is_base64 BOOLEAN NOT NULL,
  origin TEXT NOT NULL,
  dedupe_key TEXT,
  fingerprint TEXT,
  appended_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (log, position)
);
CREATE INDEX eventlog_entries_id ON eventlog_entries (id);
CREATE UNIQUE INDEX eventlog_entries_dedupe ON eventlog_entries (log, subject, dedupe_key) WHERE dedupe_key IS NOT NULL;

CREATE TABLE eventlog_cursors (
  log TEXT NOT NULL,
  name TEXT NOT NULL,
  committed BIGINT NOT NULL,
  PRIMARY KEY (log, name)
) WITH (fillfactor = 20);

CREATE TABLE eventlog_counts (
  log TEXT NOT NULL,
  subject TEXT NOT NULL,
  origin TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (log, subject, origin)
) WITH (fillfactor = 20);

-- One call is one durable commit for the whole batch. The log's row is locked until that commit is visible, so positions are
-- gapless and in commit order, and a reader that sees a position has seen all before it. A batch holds a dedupe key at most once.
CREATE FUNCTION eventlog_append(
  p_log TEXT, p_max_entries BIGINT, p_max_bytes BIGINT,
  p_ids TEXT[], p_subjects TEXT[], p_keys TEXT[], p_headers TEXT[], p_payloads TEXT[], p_base64 BOOLEAN[], p_origins TEXT[],
  p_dedupes TEXT[], p_fingerprints TEXT[]
) RETURNS TABLE (ordinal INT, at_position BIGINT, duplicate_id TEXT, duplicate_fingerprint TEXT, at_time TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
DECLARE
  state eventlog_logs;
  added BIGINT;
BEGIN
  SELECT * INTO state FROM eventlog_logs WHERE log = p_log FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO eventlog_logs (log) VALUES (p_log) ON CONFLICT DO NOTHING;
    SELECT * INTO state FROM eventlog_logs WHERE log = p_log FOR UPDATE;
  END IF;
  IF state.head - state.floor >= p_max_entries OR state.bytes >= p_max_bytes THEN
    RAISE EXCEPTION 'log % is full', p_log USING ERRCODE = 'EL001';
  END IF;

  RETURN QUERY
  WITH given AS (
    SELECT g.*, e.id AS earlier_id, e.fingerprint AS earlier_fingerprint
    FROM unnest(p_ids, p_subjects, p_keys, p_headers, p_payloads, p_base64, p_origins, p_dedupes, p_fingerprints) WITH ORDINALITY
      AS g (id, subject, key, headers, payload, is_base64, origin, dedupe_key, fingerprint, ord)
    LEFT JOIN eventlog_entries e ON e.log = p_log AND e.subject = g.subject AND e.dedupe_key = g.dedupe_key
  ), placed AS (
    SELECT given.*, state.head + count(*) FILTER (WHERE earlier_id IS NULL) OVER (ORDER BY ord) AS pos FROM given
  ), stored AS (
    INSERT INTO eventlog_entries (log, position, id, subject, key, headers, payload, is_base64, origin, dedupe_key, fingerprint)
    SELECT p_log, pos, id, subject, key, headers, payload, is_base64, origin, dedupe_key, fingerprint
    FROM placed WHERE earlier_id IS NULL
    RETURNING subject, origin, octet_length(payload) + octet_length(headers) AS bytes
  ), counted AS (
    INSERT INTO eventlog_counts AS c (log, subject, origin, count)
    SELECT p_log, subject, origin, count(*) FROM stored GROUP BY subject, origin ORDER BY subject, origin
    ON CONFLICT (log, subject, origin) DO UPDATE SET count = c.count + excluded.count
    RETURNING 1
  ), moved AS (
    UPDATE eventlog_logs l SET head = l.head + s.n, bytes = l.bytes + s.bytes
    FROM (SELECT count(*) AS n, coalesce(sum(bytes), 0) AS bytes FROM stored) s
    WHERE l.log = p_log AND (SELECT count(*) FROM counted) >= 0
    RETURNING 1
  )
  SELECT ord::INT, CASE WHEN earlier_id IS NULL THEN pos END, earlier_id, earlier_fingerprint, now()
  FROM placed WHERE (SELECT count(*) FROM moved) = 1 ORDER BY ord;
END $$;
`,
  },
  {
    name: '002_repeats_in_one_batch',
    sql: `
-- One call is one durable commit for the whole batch. The log's row is locked until that commit is visible, so positions are
-- gapless and in commit order, and a reader that sees a position has seen all before it. Of entries with one dedupe key the first
-- stands, in the log or in the batch. They are looked up one by one: a join planned while the table was small would read all of it.
CREATE OR REPLACE FUNCTION eventlog_append(
  p_log TEXT, p_max_entries BIGINT, p_max_bytes BIGINT,
  p_ids TEXT[], p_subjects TEXT[], p_keys TEXT[], p_headers TEXT[], p_payloads TEXT[], p_base64 BOOLEAN[], p_origins TEXT[],
  p_dedupes TEXT[], p_fingerprints TEXT[]
) RETURNS TABLE (ordinal INT, at_position BIGINT, duplicate_id TEXT, duplicate_fingerprint TEXT, at_time TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
DECLARE
  state eventlog_logs;
BEGIN
  SELECT * INTO state FROM eventlog_logs WHERE log = p_log FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO eventlog_logs (log) VALUES (p_log) ON CONFLICT DO NOTHING;
    SELECT * INTO state FROM eventlog_logs WHERE log = p_log FOR UPDATE;
  END IF;
  IF state.head - state.floor >= p_max_entries OR state.bytes >= p_max_bytes THEN
    RAISE EXCEPTION 'log % is full', p_log USING ERRCODE = 'EL001';
  END IF;

  RETURN QUERY
  WITH given AS (
    SELECT g.*, first_value(g.ord) OVER same AS first_ord, first_value(g.id) OVER same AS first_id,
      first_value(g.fingerprint) OVER same AS first_fingerprint
    FROM unnest(p_ids, p_subjects, p_keys, p_headers, p_payloads, p_base64, p_origins, p_dedupes, p_fingerprints) WITH ORDINALITY
      AS g (id, subject, key, headers, payload, is_base64, origin, dedupe_key, fingerprint, ord)
    WINDOW same AS (PARTITION BY g.subject, g.dedupe_key, CASE WHEN g.dedupe_key IS NULL THEN g.ord END ORDER BY g.ord)
  ), compared AS (
    SELECT given.*, CASE WHEN e.id IS NOT NULL THEN e.id WHEN ord > first_ord THEN first_id END AS earlier_id,
      CASE WHEN e.id IS NOT NULL THEN e.fingerprint ELSE first_fingerprint END AS earlier_fingerprint
    FROM given LEFT JOIN LATERAL (
      SELECT entry.id, entry.fingerprint FROM eventlog_entries entry
      WHERE entry.log = p_log AND entry.subject = given.subject AND entry.dedupe_key = given.dedupe_key LIMIT 1
    ) e ON TRUE
  ), placed AS (
    SELECT compared.*, state.head + count(*) FILTER (WHERE earlier_id IS NULL) OVER (ORDER BY ord) AS pos FROM compared
  ), stored AS (
    INSERT INTO eventlog_entries (log, position, id, subject, key, headers, payload, is_base64, origin, dedupe_key, fingerprint)
    SELECT p_log, pos, id, subject, key, headers, payload, is_base64, origin, dedupe_key, fingerprint
    FROM placed WHERE earlier_id IS NULL
    RETURNING subject, origin, octet_length(payload) + octet_length(headers) AS bytes
  ), counted AS (
    INSERT INTO eventlog_counts AS c (log, subject, origin, count)
    SELECT p_log, subject, origin, count(*) FROM stored GROUP BY subject, origin ORDER BY subject, origin
    ON CONFLICT (log, subject, origin) DO UPDATE SET count = c.count + excluded.count
    RETURNING 1
  ), moved AS (
    UPDATE eventlog_logs l SET head = l.head + s.n, bytes = l.bytes + s.bytes
    FROM (SELECT count(*) AS n, coalesce(sum(bytes), 0) AS bytes FROM stored) s
    WHERE l.log = p_log AND (SELECT count(*) FROM counted) >= 0
    RETURNING 1
  )
  SELECT ord::INT, CASE WHEN earlier_id IS NULL THEN pos END, earlier_id, earlier_fingerprint, now()
  FROM placed WHERE (SELECT count(*) FROM moved) = 1 ORDER BY ord;
END $$;
`,
  },
]
