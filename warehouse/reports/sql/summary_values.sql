-- What the units $traced report of themselves.
SELECT unit_code, {{ keys | identifiers }}
FROM unit_summary
WHERE unit_code IN (SELECT unnest($traced))
ORDER BY unit_code
