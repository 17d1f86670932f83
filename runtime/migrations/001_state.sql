-- Beside the event log's own tables, in the same database: one statement can compare what a log received with how it ended.

CREATE TABLE sluice_consumers (
  name TEXT PRIMARY KEY,
  sensor TEXT NOT NULL,
  trigger TEXT NOT NULL,
  is_removed BOOLEAN NOT NULL DEFAULT FALSE,
  registered_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE sluice_inputs (
  id SERIAL PRIMARY KEY,
  consumer TEXT NOT NULL REFERENCES sluice_consumers (name),
  log TEXT NOT NULL,
  subject TEXT NOT NULL,
  UNIQUE (consumer, log, subject)
);

-- What the log had received before this trigger began to read it: not its deliveries.
CREATE TABLE sluice_input_bases (
  input_id INT NOT NULL REFERENCES sluice_inputs (id),
  origin TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (input_id, origin)
);

CREATE TABLE sluice_outcomes (
  input_id INT NOT NULL,
  position BIGINT NOT NULL,
  event_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  outcome TEXT NOT NULL,
  attempts TEXT NOT NULL,
  reason TEXT,
  trace_id TEXT,
  started_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (input_id, position)
);
CREATE INDEX sluice_outcomes_event ON sluice_outcomes (event_id);
CREATE INDEX sluice_outcomes_trace ON sluice_outcomes (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX sluice_outcomes_finished ON sluice_outcomes USING brin (finished_at);

-- Counted as deliveries end; parked and held ones are counted from their own tables.
CREATE TABLE sluice_ledger (
  consumer TEXT NOT NULL,
  origin TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (consumer, origin, outcome)
) WITH (fillfactor = 20);

CREATE TABLE sluice_parked (
  id BIGSERIAL PRIMARY KEY,
  consumer TEXT NOT NULL,
  input_id INT NOT NULL,
  position BIGINT NOT NULL,
  event_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  events TEXT NOT NULL,
  attempts TEXT NOT NULL,
  reason TEXT,
  retry_at TIMESTAMPTZ,
  retries INT NOT NULL DEFAULT 0,
  parked_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (input_id, position)
);
CREATE INDEX sluice_parked_consumer ON sluice_parked (consumer, id);

CREATE TABLE sluice_held (
  consumer TEXT NOT NULL,
  dependency TEXT NOT NULL,
  input_id INT NOT NULL,
  position BIGINT NOT NULL,
  origin TEXT NOT NULL,
  stored TEXT NOT NULL,
  PRIMARY KEY (consumer, dependency)
);

-- Records a batch of ended deliveries. Only rows that are new count, so a delivery that comes twice is one.
CREATE FUNCTION sluice_complete(
  p_inputs INT[], p_positions BIGINT[], p_events TEXT[], p_origins TEXT[], p_outcomes TEXT[], p_attempts TEXT[], p_reasons TEXT[],
  p_traces TEXT[], p_started TIMESTAMPTZ[], p_durable BOOLEAN
) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  IF NOT p_durable THEN
    PERFORM set_config('synchronous_commit', 'off', TRUE);
  END IF;
  WITH added AS (
    INSERT INTO sluice_outcomes (input_id, position, event_id, origin, outcome, attempts, reason, trace_id, started_at)
    SELECT * FROM unnest(p_inputs, p_positions, p_events, p_origins, p_outcomes, p_attempts, p_reasons, p_traces, p_started)
    ON CONFLICT (input_id, position) DO NOTHING
    RETURNING input_id, origin, outcome
  )
  INSERT INTO sluice_ledger AS l (consumer, origin, outcome, count)
  SELECT i.consumer, a.origin, a.outcome, count(*) FROM added a JOIN sluice_inputs i ON i.id = a.input_id
  WHERE a.outcome NOT IN ('parked', 'held') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (consumer, origin, outcome) DO UPDATE SET count = l.count + excluded.count;
END $$;

-- Changes how a held or parked delivery ended.
CREATE FUNCTION sluice_settle(p_input INT, p_position BIGINT, p_from TEXT, p_outcome TEXT, p_attempts TEXT, p_reason TEXT)
RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  settled RECORD;
BEGIN
  UPDATE sluice_outcomes SET outcome = p_outcome, attempts = coalesce(p_attempts, attempts), reason = p_reason,
    finished_at = clock_timestamp()
  WHERE input_id = p_input AND position = p_position AND outcome = p_from RETURNING origin INTO settled;
  IF NOT FOUND THEN
    RETURN FALSE;
  END IF;
  IF p_outcome NOT IN ('parked', 'held') THEN
    INSERT INTO sluice_ledger AS l (consumer, origin, outcome, count)
    SELECT consumer, settled.origin, p_outcome, 1 FROM sluice_inputs WHERE id = p_input
    ON CONFLICT (consumer, origin, outcome) DO UPDATE SET count = l.count + 1;
  END IF;
  RETURN TRUE;
END $$;
