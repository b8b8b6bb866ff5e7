-- Fills in what a report of $reporter leaves out because it follows from who reports: its own commune or organisation.
UPDATE {{ table | identifier }} AS b SET {{ column | identifier }} = u.{{ own | identifier }}
FROM unit u
WHERE u.unit_code = b.unit_code AND u.reporter = $reporter
  AND b.{{ column | identifier }} IS NULL AND b.{{ untyped | identifier }} IS NULL
