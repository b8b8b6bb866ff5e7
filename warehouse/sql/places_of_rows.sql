-- Of the keys that rows give, the SQL over the unit's rows, and the places of the rows' values; where the rows leave all of
-- them blank, their names' places.
{% from "macros.sql" import picture_of -%}
WITH part AS MATERIALIZED ({{ part | sql }})
SELECT part.unit_code, part.field, key.query, l.row_name, l.field, file.file_name, l.sheet, l.cell, l.raw_text,
       label.description, NULL, file.submission_id, {{ picture_of("file", "l") }}
FROM part
JOIN figure_source AS key ON key.kind = 'key' AND key.figure = part.field AND key.table_name <> 'unit_summary'
JOIN figure_source AS named ON named.kind = 'row' AND named.figure = key.table_name
JOIN lineage AS l
  ON l.table_name = key.table_name AND l.unit_code = part.unit_code
 AND (list_contains(key.fields, l.field) OR list_contains(named.fields, l.field))
JOIN submission AS file ON file.submission_id = l.submission_id
LEFT JOIN figure_source AS label
  ON label.kind = 'column' AND label.figure = l.field AND label.table_name = key.table_name
QUALIFY list_contains(key.fields, l.field) OR NOT bool_or(list_contains(key.fields, l.field)) OVER (
  PARTITION BY part.unit_code, part.field)
ORDER BY part.unit_code, part.field, l.sheet, length(l.cell), l.cell
