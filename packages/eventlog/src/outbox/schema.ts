import type { Migration } from '@bookinfo/database'

/**
 * The outbox of a service's database. `outbox_add` is called inside the statement that writes the row: the lock on the key is taken
 * before the sequence number, so that one key's numbers are in commit order.
 */
export const outboxSchema: Migration[] = [
  {
    name: '001_outbox',
    sql: `
CREATE TABLE outbox (
  seq BIGSERIAL PRIMARY KEY,
  id TEXT NOT NULL,
  topic TEXT NOT NULL,
  key TEXT NOT NULL,
  headers TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  failed_at TIMESTAMPTZ,
  error TEXT
);

CREATE FUNCTION outbox_add(p_id TEXT, p_topic TEXT, p_key TEXT, p_headers TEXT, p_payload TEXT) RETURNS BIGINT
LANGUAGE plpgsql AS $$
DECLARE
  added BIGINT;
BEGIN
  IF octet_length(p_payload) > 1000000 THEN
    RAISE EXCEPTION 'event % is too large to publish', p_id USING ERRCODE = 'OB001';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(p_topic || chr(31) || p_key, 3));
  INSERT INTO outbox (id, topic, key, headers, payload) VALUES (p_id, p_topic, p_key, p_headers, p_payload)
  RETURNING seq INTO added;
  RETURN added;
END $$;
`,
  },
]
