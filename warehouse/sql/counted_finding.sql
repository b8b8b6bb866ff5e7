-- The findings under a condition; the columns are described in counted.py.
{% from "macros.sql" import picture_of -%}
SELECT breach.rowid, file.unit_code, unit_name, row_name, field, rule, row_name, field, file_name, sheet, cell, value,
       NULL, message, file.submission_id, {{ picture_of("file", "breach") }}
FROM (SELECT rowid, * FROM finding WHERE {{ condition | sql }}) AS breach
LEFT JOIN submission AS file USING (submission_id)
LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
WHERE $unit IS NULL OR file.unit_code = $unit
ORDER BY file_name, sheet, length(cell), cell, rule, breach.rowid
