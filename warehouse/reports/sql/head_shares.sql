-- The communes in the order of the registry, with their villages and the village heads who are Party members.
SELECT unit_code, unit_name, {{ villages | identifier }} AS villages, {{ heads | identifier }} AS heads
FROM unit_status AS unit
LEFT JOIN unit_summary USING (unit_code)
WHERE unit_type <> 'district_org'
ORDER BY unit.rowid
