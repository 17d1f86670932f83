import type { Migration } from '@bookinfo/database'

/** What PostgreSQL keeps of logs whose entries are on a broker. Counts go where those of its own logs are. */
export const journalSchema: Migration[] = [
  {
    name: '101_journal',
    sql: `
-- Which event stands where. Of two records with one id, the one noted first stands; a replay is sent again on purpose.
CREATE TABLE journal_entries (
  log TEXT NOT NULL,
  partition INT NOT NULL,
  position BIGINT NOT NULL,
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  origin TEXT NOT NULL,
  noted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (log, partition, position)
);
CREATE UNIQUE INDEX journal_entries_id ON journal_entries (log, id) WHERE origin <> 'replay';
CREATE INDEX journal_entries_noted ON journal_entries USING brin (noted_at);

-- Which topic a log was when it was first read; another one has other records at the same positions.
CREATE TABLE journal_topics (
  log TEXT PRIMARY KEY,
  topic_id TEXT NOT NULL
);

-- Up to where every record of a partition has been noted.
CREATE TABLE journal_heads (
  log TEXT NOT NULL,
  partition INT NOT NULL,
  head BIGINT NOT NULL,
  PRIMARY KEY (log, partition)
) WITH (fillfactor = 20);

CREATE TABLE journal_cursors (
  log TEXT NOT NULL,
  name TEXT NOT NULL,
  partition INT NOT NULL,
  committed BIGINT NOT NULL,
  PRIMARY KEY (log, name, partition)
) WITH (fillfactor = 20);

CREATE TABLE journal_keys (
  log TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  used_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (log, subject, key)
);
CREATE INDEX journal_keys_used ON journal_keys USING brin (used_at);

-- Notes records of one partition, everything from p_from to p_upto. Each is counted by whoever notes it first, so readers may
-- overlap. Returns the positions that repeat an id which stands elsewhere.
CREATE FUNCTION journal_note(
  p_log TEXT, p_partition INT, p_from BIGINT, p_upto BIGINT,
  p_positions BIGINT[], p_ids TEXT[], p_subjects TEXT[], p_origins TEXT[]
) RETURNS TABLE (repeated BIGINT) LANGUAGE plpgsql
SET enable_seqscan = off SET synchronous_commit = off AS $$
BEGIN
  WITH added AS (
    INSERT INTO journal_entries (log, partition, position, id, subject, origin)
    SELECT p_log, p_partition, g.position, g.id, g.subject, g.origin
    FROM unnest(p_positions, p_ids, p_subjects, p_origins) AS g (position, id, subject, origin)
    ORDER BY g.position ON CONFLICT DO NOTHING RETURNING subject, origin
  )
  INSERT INTO eventlog_counts AS c (log, subject, origin, count)
  SELECT p_log, subject, origin, count(*) FROM added GROUP BY subject, origin ORDER BY subject, origin
  ON CONFLICT (log, subject, origin) DO UPDATE SET count = c.count + excluded.count;

  UPDATE journal_heads SET head = p_upto
  WHERE log = p_log AND partition = p_partition AND head >= p_from - 1 AND head < p_upto;

  RETURN QUERY SELECT g.position FROM unnest(p_positions) AS g (position)
  WHERE NOT EXISTS (
    SELECT 1 FROM journal_entries e WHERE e.log = p_log AND e.partition = p_partition AND e.position = g.position
  );
END $$;
`,
  },
]
