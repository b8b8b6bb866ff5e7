-- Fills in what a report leaves out because who reports says it, $reporter: its own commune, its own organisation.
UPDATE {{ table | identifier }} AS b SET {{ column | identifier }} = u.{{ own | identifier }}
FROM unit u
WHERE u.unit_code = b.unit_code AND u.reporter = $reporter
  AND b.{{ column | identifier }} IS NULL AND b.{{ untyped | identifier }} IS NULL
