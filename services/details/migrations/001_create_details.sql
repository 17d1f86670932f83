CREATE TABLE details (
  id TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  author TEXT NOT NULL,
  year INT CHECK (year <> 0),
  type TEXT NOT NULL DEFAULT '',
  pages INT CHECK (pages > 0),
  publisher TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  isbn10 TEXT NOT NULL DEFAULT '',
  isbn13 TEXT NOT NULL DEFAULT '',
  -- What identifies the book, whichever form of ISBN it came with.
  isbn TEXT UNIQUE,
  -- Folded by the service, so that order and search do not depend on the database's locale.
  title_order TEXT COLLATE "C" NOT NULL,
  search_text TEXT COLLATE "C" NOT NULL,
  idempotency_key TEXT UNIQUE,
  fingerprint TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_details_title_order ON details (title_order, id);
CREATE INDEX idx_details_created_at ON details (created_at DESC, id);

-- Apart from the books: a rating may come before its book.
CREATE TABLE book_ratings (
  product_id TEXT COLLATE "C" PRIMARY KEY,
  average DOUBLE PRECISION NOT NULL,
  count INT NOT NULL,
  version BIGINT NOT NULL
) WITH (fillfactor = 50);
