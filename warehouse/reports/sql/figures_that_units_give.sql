-- The figures that are the sum of one value of each unit's own: figure, key of unit_summary.
SELECT figure, fields[1] AS key
FROM figure_source
WHERE kind = 'figure' AND table_name = 'unit_summary' AND len(fields) = 1 AND condition IS NULL
  AND fields[1] IN (SELECT figure FROM figure_source WHERE kind = 'key' AND asked IS NOT NULL)
