-- A delivery is known by input, partition and position: a log may have several partitions, each with positions of its own.

ALTER TABLE sluice_outcomes ADD COLUMN partition INT NOT NULL DEFAULT 0;
ALTER TABLE sluice_outcomes DROP CONSTRAINT sluice_outcomes_pkey, ADD PRIMARY KEY (input_id, partition, position);

ALTER TABLE sluice_parked ADD COLUMN partition INT NOT NULL DEFAULT 0;
ALTER TABLE sluice_parked DROP CONSTRAINT sluice_parked_input_id_position_key, ADD UNIQUE (input_id, partition, position);

ALTER TABLE sluice_held ADD COLUMN partition INT NOT NULL DEFAULT 0;

DROP FUNCTION sluice_complete;
DROP FUNCTION sluice_settle;

-- Records a batch of ended deliveries. Only rows that are new count, so a delivery that comes twice is one.
CREATE FUNCTION sluice_complete(
  p_inputs INT[], p_partitions INT[], p_positions BIGINT[], p_events TEXT[], p_origins TEXT[], p_outcomes TEXT[],
  p_attempts TEXT[], p_reasons TEXT[], p_traces TEXT[], p_started TIMESTAMPTZ[], p_durable BOOLEAN
) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  IF NOT p_durable THEN
    PERFORM set_config('synchronous_commit', 'off', TRUE);
  END IF;
  WITH added AS (
    INSERT INTO sluice_outcomes
      (input_id, partition, position, event_id, origin, outcome, attempts, reason, trace_id, started_at)
    SELECT * FROM unnest(
      p_inputs, p_partitions, p_positions, p_events, p_origins, p_outcomes, p_attempts, p_reasons, p_traces, p_started)
    ON CONFLICT (input_id, partition, position) DO NOTHING
    RETURNING input_id, origin, outcome
  )
  INSERT INTO sluice_ledger AS l (consumer, origin, outcome, count)
  SELECT i.consumer, a.origin, a.outcome, count(*) FROM added a JOIN sluice_inputs i ON i.id = a.input_id
  WHERE a.outcome NOT IN ('parked', 'held') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (consumer, origin, outcome) DO UPDATE SET count = l.count + excluded.count;
END $$;

-- Changes how a held or parked delivery ended.
CREATE FUNCTION sluice_settle(
  p_input INT, p_partition INT, p_position BIGINT, p_from TEXT, p_outcome TEXT, p_attempts TEXT, p_reason TEXT
) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  settled RECORD;
BEGIN
  UPDATE sluice_outcomes SET outcome = p_outcome, attempts = coalesce(p_attempts, attempts), reason = p_reason,
    finished_at = clock_timestamp()
  WHERE input_id = p_input AND partition = p_partition AND position = p_position AND outcome = p_from
  RETURNING origin INTO settled;
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
