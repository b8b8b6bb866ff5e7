-- What the figure, or key of unit_summary, $figure is made from; a figure before a key of the same name.
SELECT figure, kind, description, query, table_name, fields, condition, asked
FROM figure_source
WHERE kind IN ('figure', 'key') AND figure = $figure
ORDER BY kind
