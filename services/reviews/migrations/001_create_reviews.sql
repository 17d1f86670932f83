CREATE TABLE reviews (
  id TEXT COLLATE "C" PRIMARY KEY,
  product_id TEXT,
  reviewer TEXT,
  text TEXT,
  idempotency_key TEXT UNIQUE,
  fingerprint TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  -- A deleted review stays as a row without content, so that a submit that comes later finds it and does nothing.
  deleted_at TIMESTAMPTZ,
  CONSTRAINT stored_reviews_are_whole CHECK (
    deleted_at IS NOT NULL
    OR (product_id IS NOT NULL AND reviewer IS NOT NULL AND text IS NOT NULL AND fingerprint IS NOT NULL)
  )
);

CREATE INDEX idx_reviews_product_id_created_at ON reviews (product_id, created_at DESC, id) WHERE deleted_at IS NULL;

-- Kept, so that a page costs the same whatever the history.
CREATE TABLE review_totals (
  product_id TEXT PRIMARY KEY,
  count INT NOT NULL CHECK (count >= 0)
) WITH (fillfactor = 50);
