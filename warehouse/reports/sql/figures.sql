-- One row per figure of the report, in the order in which they are declared, with the rows that it comes from.
SELECT figure, report_figure.value, report_figure.printed, coalesce(source.description, figure), source.table_name, source.fields,
       source.condition
FROM (SELECT row_number() OVER () AS place, * FROM report_figure) AS report_figure
LEFT JOIN (SELECT * FROM figure_source WHERE kind = 'figure') AS source USING (figure)
ORDER BY place
