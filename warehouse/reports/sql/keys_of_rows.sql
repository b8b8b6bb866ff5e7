-- The keys of unit_summary that rows give, each with their table and its columns.
SELECT figure, table_name, fields
FROM figure_source
WHERE kind = 'key' AND table_name <> 'unit_summary'
ORDER BY figure
