-- Of the keys $keys of unit_summary, the table that gives each and its columns.
SELECT table_name, fields
FROM figure_source
WHERE kind = 'key' AND list_contains($keys, figure)
