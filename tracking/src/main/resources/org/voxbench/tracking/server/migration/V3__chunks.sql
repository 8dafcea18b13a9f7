-- The points of a series in chunks of up to a thousand, 24 bytes each: a batch is stored in one row
-- for each of its curves, and a curve is read in as many rows as it has chunks.
CREATE TABLE tracking.chunk (
  series_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  min_ms BIGINT NOT NULL,
  max_ms BIGINT NOT NULL,
  points VARBINARY(1000000) NOT NULL,
  PRIMARY KEY (series_id, seq)
);
ALTER TABLE tracking.series ADD COLUMN last_seq BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE tracking.series ADD COLUMN last_count INT DEFAULT 0 NOT NULL;
