CREATE TABLE ratings (
  id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  stars INT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  idempotency_key TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_ratings_product_id ON ratings (product_id, created_at DESC, id DESC);
CREATE INDEX idx_ratings_reviewer ON ratings (product_id, reviewer, created_at DESC, id DESC);

-- Kept, so that an average costs the same whatever the history.
CREATE TABLE rating_totals (
  product_id TEXT PRIMARY KEY,
  count INT NOT NULL,
  stars_1 INT NOT NULL,
  stars_2 INT NOT NULL,
  stars_3 INT NOT NULL,
  stars_4 INT NOT NULL,
  stars_5 INT NOT NULL
) WITH (fillfactor = 50);
