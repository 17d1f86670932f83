CREATE TABLE dlq_events (
  id TEXT PRIMARY KEY,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  event_source TEXT NOT NULL,
  event_subject TEXT NOT NULL,
  sensor_name TEXT NOT NULL,
  failed_trigger TEXT NOT NULL,
  eventsource_name TEXT NOT NULL,
  eventsource_url TEXT NOT NULL,
  namespace TEXT NOT NULL,
  record_key TEXT NOT NULL,
  -- Text, and base64 of what is no text: JSONB would reorder it, and a replay must send the same bytes.
  original_payload TEXT NOT NULL,
  payload_is_base64 BOOLEAN NOT NULL,
  payload_hash TEXT NOT NULL,
  original_headers TEXT NOT NULL,
  datacontenttype TEXT NOT NULL,
  event_timestamp TIMESTAMPTZ,
  failure_status INT,
  failure_error TEXT,
  failure_attempts TEXT NOT NULL,
  status TEXT NOT NULL,
  retry_count INT NOT NULL,
  max_retries INT NOT NULL,
  replay_event_id TEXT,
  last_replayed_at TIMESTAMPTZ,
  resolved_at TIMESTAMPTZ,
  resolved_by TEXT,
  version INT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);

-- One failure of one event is one letter, however often it is delivered.
CREATE UNIQUE INDEX ux_dlq_events_identity ON dlq_events (sensor_name, failed_trigger, event_id);
CREATE INDEX idx_dlq_events_status ON dlq_events (status, created_at DESC, id);
CREATE INDEX idx_dlq_events_event_source ON dlq_events (event_source, created_at DESC, id);
CREATE INDEX idx_dlq_events_created_at ON dlq_events (created_at DESC, id);
