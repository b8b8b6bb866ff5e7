-- The figures of the report in its order, with what they count.
SELECT f.figure, f.value, f.printed, coalesce(s.description, f.figure) AS description
FROM report_figure f
LEFT JOIN figure_source s ON s.figure = f.figure AND s.kind = 'figure'
ORDER BY f.rowid
