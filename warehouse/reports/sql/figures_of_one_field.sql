-- The figures that are made from one column: figure, table, column, condition.
SELECT figure, table_name, fields[1] AS field, condition
FROM figure_source
WHERE kind = 'figure' AND len(fields) = 1
ORDER BY figure
