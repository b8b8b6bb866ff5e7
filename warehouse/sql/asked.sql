-- Of whom $field is asked: a key of unit_summary, or a column of $table.
SELECT asked
FROM figure_source
WHERE kind = CASE WHEN $table = 'unit_summary' THEN 'key' ELSE 'row' END AND figure IN ($table, $field)
