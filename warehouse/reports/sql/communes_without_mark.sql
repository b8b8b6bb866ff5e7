-- The communes that say that they lack what the mark is about, in the order of the registry.
SELECT unit_name, unit_type
FROM unit_summary
JOIN unit_status AS unit USING (unit_code)
WHERE unit_type <> 'district_org' AND NOT {{ field | identifier }}
ORDER BY unit.rowid
