-- Sample books. Loading them again changes nothing.
WITH sample (id, title, author, year, type, pages, publisher, language, isbn10, isbn13, title_order, search_text) AS (
  VALUES
    ('d0001', 'The Comedy of Errors', 'William Shakespeare', 1595, 'paperback', 120, 'Penguin Classics', 'English',
      '0140714898', '9780140714890', 'the comedy of errors', E'the comedy of errors\nwilliam shakespeare'),
    ('d0002', 'The Odyssey', 'Homer', -800, 'hardcover', 560, 'Oxford University Press', 'English',
      '0199536783', '9780199536788', 'the odyssey', E'the odyssey\nhomer'),
    ('d0003', 'Clean Code', 'Robert C. Martin', 2008, 'paperback', 464, 'Prentice Hall', 'English',
      '0132350882', '9780132350884', 'clean code', E'clean code\nrobert c. martin')
)
INSERT INTO details (id, title, author, year, type, pages, publisher, language, isbn10, isbn13, isbn, title_order,
  search_text, idempotency_key, fingerprint)
SELECT id, title, author, year, type, pages, publisher, language, isbn10, isbn13, isbn13, title_order,
  search_text, 'seed/' || id,
  encode(sha256(convert_to(array_to_string(
    ARRAY[title, author, year::text, type, pages::text, publisher, language, isbn10, isbn13], chr(31)
  ) || chr(31), 'UTF8')), 'hex')
FROM sample
ON CONFLICT DO NOTHING;
