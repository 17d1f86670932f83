-- Sample ratings of the sample books. Loading them again changes nothing.
WITH sample (id, product_id, reviewer, stars) AS (
  VALUES ('r0001', 'd0001', 'reviewer1', 5), ('r0002', 'd0002', 'reviewer2', 4), ('r0003', 'd0003', 'reviewer3', 3)
), added AS (
  INSERT INTO ratings (id, product_id, reviewer, stars, idempotency_key, fingerprint)
  SELECT id, product_id, reviewer, stars, 'seed/' || id,
    encode(sha256(convert_to(product_id || chr(31) || reviewer || chr(31) || stars || chr(31), 'UTF8')), 'hex')
  FROM sample
  ON CONFLICT DO NOTHING
  RETURNING product_id, stars
)
INSERT INTO rating_totals AS kept (product_id, count, stars_1, stars_2, stars_3, stars_4, stars_5)
SELECT product_id, count(*), count(*) FILTER (WHERE stars = 1), count(*) FILTER (WHERE stars = 2),
  count(*) FILTER (WHERE stars = 3), count(*) FILTER (WHERE stars = 4), count(*) FILTER (WHERE stars = 5)
FROM added GROUP BY product_id
ON CONFLICT (product_id) DO UPDATE SET
  count = kept.count + excluded.count,
  stars_1 = kept.stars_1 + excluded.stars_1,
  stars_2 = kept.stars_2 + excluded.stars_2,
  stars_3 = kept.stars_3 + excluded.stars_3,
  stars_4 = kept.stars_4 + excluded.stars_4,
  stars_5 = kept.stars_5 + excluded.stars_5;
