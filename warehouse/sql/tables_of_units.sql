-- The tables with values of units: name, columns that name a row (none in unit_summary), all columns with a label;
-- without the table $left.
SELECT table_name, coalesce(any_value(fields) FILTER (kind = 'row'), []) AS keys,
       coalesce(list(figure ORDER BY rowid) FILTER (kind <> 'row'), []) AS columns
FROM (SELECT rowid, kind, figure, fields, CASE kind WHEN 'key' THEN 'unit_summary' ELSE table_name END AS table_name
      FROM figure_source
      WHERE kind IN ('key', 'row', 'column'))
WHERE table_name <> $left
GROUP BY table_name
ORDER BY min(rowid)
