-- The numbers of the report as it prints them.
SELECT figure, printed
FROM report_figure
