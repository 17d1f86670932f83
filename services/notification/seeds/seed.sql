-- Sample notifications about the sample books. Loading them again changes nothing.
WITH sample (id, title, sent_at) AS (
  VALUES
    ('n0001', 'The Comedy of Errors', '2026-01-15T10:00:00Z'::timestamptz),
    ('n0002', 'The Odyssey', '2026-01-15T10:05:00Z'),
    ('n0003', 'Clean Code', '2026-01-15T10:10:00Z')
), whole AS (
  SELECT id, 'admin@bookinfo.local' AS recipient, 'email' AS channel, 'New book added' AS subject,
    title || ' has been added to the catalog.' AS body, sent_at
  FROM sample
)
INSERT INTO notifications (id, recipient, channel, subject, body, status, sent_at, idempotency_key, fingerprint, created_at)
SELECT id, recipient, channel, subject, body, 'sent', sent_at, 'seed/' || id,
  encode(sha256(convert_to(array_to_string(ARRAY[recipient, channel, subject, body], chr(31)) || chr(31), 'UTF8')), 'hex'),
  sent_at
FROM whole
ON CONFLICT DO NOTHING;
