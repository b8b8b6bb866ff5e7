-- The figures that are results of the campaign, in the order of the report; not the counts of the office's own work.
SELECT figure, printed
FROM report_figure
LEFT JOIN (FROM figure_source WHERE kind = 'figure') AS source USING (figure)
WHERE source.table_name IS NULL OR source.table_name NOT IN (SELECT unnest($own_work))
ORDER BY report_figure.rowid
