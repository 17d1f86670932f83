-- Sample reviews of the sample books. Loading them again changes nothing.
WITH sample (id, product_id, reviewer, text) AS (
  VALUES
    ('v0001', 'd0001', 'reviewer1', 'Two pairs of twins and not a dull scene between them.'),
    ('v0002', 'd0002', 'reviewer2', 'A long way home, and worth every line of it.'),
    ('v0003', 'd0003', 'reviewer3', 'I write shorter functions since I read this.')
), added AS (
  INSERT INTO reviews (id, product_id, reviewer, text, idempotency_key, fingerprint)
  SELECT id, product_id, reviewer, text, 'seed/' || id,
    encode(sha256(convert_to(product_id || chr(31) || reviewer || chr(31) || text || chr(31), 'UTF8')), 'hex')
  FROM sample
  ON CONFLICT DO NOTHING
  RETURNING product_id
)
INSERT INTO review_totals AS kept (product_id, count)
SELECT product_id, count(*) FROM added GROUP BY product_id
ON CONFLICT (product_id) DO UPDATE SET count = kept.count + excluded.count;
