-- Which kind of bus the positions of this database are of; one row. A database that knows triggers was made for PostgreSQL's own.

CREATE TABLE sluice_bus (
  only_one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  kind TEXT NOT NULL
);
INSERT INTO sluice_bus (kind) SELECT 'postgres' WHERE EXISTS (SELECT 1 FROM sluice_consumers);
