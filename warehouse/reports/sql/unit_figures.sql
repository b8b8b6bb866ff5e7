-- The figures that compare communes, these in the order of the registry.
SELECT figure, unit_name, unit_type, value, printed
FROM unit_figure
JOIN unit_status AS unit USING (unit_code)
ORDER BY figure, unit.rowid
