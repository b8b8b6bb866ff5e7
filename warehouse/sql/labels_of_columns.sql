-- What people call the columns of each table of units, its figures too, and (no column) a table of rows.
SELECT CASE kind WHEN 'key' THEN 'unit_summary' WHEN 'figure' THEN 'unit_figure' ELSE table_name END AS table_name,
       CASE kind WHEN 'row' THEN '' ELSE figure END AS field, description
FROM figure_source
