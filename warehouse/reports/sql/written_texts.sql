-- What units wrote of one question, in the order of the registry.
SELECT unit_code, unit_name, unit_type, {{ field | identifier }} AS text
FROM unit_summary
JOIN unit_status AS unit USING (unit_code)
WHERE {{ field | identifier }} IS NOT NULL
ORDER BY unit.rowid
