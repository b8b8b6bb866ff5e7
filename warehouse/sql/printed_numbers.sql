-- The figures in the order of the report.
SELECT figure, printed
FROM report_figure
ORDER BY rowid
