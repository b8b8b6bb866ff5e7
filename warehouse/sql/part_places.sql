-- The parts of a figure made from $table, each with the place that it was read from: unit_code, unit_name, row_name, field,
-- value, label; the place as places.Place has it.
{% from "macros.sql" import picture_of -%}
WITH part AS MATERIALIZED ({{ part | sql }})
SELECT part.unit_code, unit_name, part.row_name, part.field, part.value, label.description,
       own.row_name, part.field, file.file_name, own.sheet, own.cell, own.raw_text, label.description, NULL,
       file.submission_id, {{ picture_of("file", "own") }}
FROM part
JOIN unit_status USING (unit_code)
LEFT JOIN lineage AS own
  ON own.table_name = $table AND own.unit_code = part.unit_code AND own.field = part.field
 AND own.row_name IS NOT DISTINCT FROM part.row_name
LEFT JOIN submission AS file
  ON file.submission_id = coalesce(own.submission_id, CASE WHEN $table NOT IN ('unit_summary', 'unit_status') THEN part.submission_id END)
LEFT JOIN figure_source AS label
  ON label.figure = part.field AND CASE WHEN $table = 'unit_summary' THEN label.kind = 'key'
                                        ELSE label.kind = 'column' AND label.table_name = $table END
ORDER BY part.unit_code, part.place, part.field_place, own.sheet, length(own.cell), own.cell
