-- The files under a condition; the columns are described in counted.py.
{% from "macros.sql" import came -%}
SELECT file.rowid, file.unit_code, unit_name, NULL, 'status', file.status,
       NULL, 'status', file_name, NULL, NULL, NULL, NULL, {{ came("file") }}, file.submission_id, NULL
FROM (SELECT rowid, * FROM submission WHERE {{ condition | sql }}) AS file
LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
WHERE $unit IS NULL OR file.unit_code = $unit
ORDER BY file.rowid
