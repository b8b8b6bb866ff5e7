-- One row per figure of the report, in the order in which they are declared, with the rows that it comes from.
SELECT figure, told.value, told.printed, coalesce(source.description, figure), source.table_name, source.fields,
       source.condition
FROM (SELECT row_number() OVER () AS place, * FROM report_figure) AS told
LEFT JOIN (SELECT * FROM figure_source WHERE kind = 'figure') AS source USING (figure)
ORDER BY place
