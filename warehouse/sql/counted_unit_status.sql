-- The units under a condition, each with the files that decide its status; the columns are described in counted.py.
{% from "macros.sql" import came -%}
SELECT unit.rowid, unit.unit_code, unit_name, NULL, 'status',
       CASE WHEN unit.status <> 'accepted' THEN unit.status WHEN on_time THEN 'on_time' ELSE 'late' END,
       NULL, 'status', file.file_name, NULL, NULL, NULL, NULL, {{ came("file") }}, file.submission_id, NULL
FROM (SELECT rowid, * FROM unit_status WHERE {{ condition | sql }}) AS unit
LEFT JOIN (
{% include "deciding_file.sql" %}
) AS file ON file.unit_code = unit.unit_code
WHERE $unit IS NULL OR unit.unit_code = $unit
ORDER BY unit.rowid, file.received_at, file.file_name
