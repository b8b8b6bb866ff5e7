-- The rows of a section that come from several files: each value from the file's row that gives it; one that stands in no
-- file, as the own commune, from the latest that knows it.
CREATE OR REPLACE TABLE {{ ("combined_" ~ section.key) | identifier }} AS
SELECT l.unit_code, max_by(b.submission_id, l.rank) AS submission_id, max_by(b.reporter, l.rank) AS reporter,
       max_by(b.row, l.rank) AS row, l.place
       {%- for field in section.fields %}{% set column = field.column_name | identifier %},
       CASE WHEN bool_or(v.field = {{ field.key | literal }})
            THEN max(b.{{ column }}) FILTER (WHERE v.field = {{ field.key | literal }})
            ELSE max_by(b.{{ column }}, l.rank) END AS {{ column }}
       {%- endfor %}
FROM combined_layer l
JOIN {{ ("batch_" ~ section.key) | identifier }} b ON b.submission_id = l.submission_id AND b.row = l.row
LEFT JOIN combined_value v
  ON v.section = l.section AND v.unit_code = l.unit_code AND v.place = l.place
 AND v.submission_id = l.submission_id AND v.row = l.row
WHERE l.section = {{ section.key | literal }}
GROUP BY l.unit_code, l.place
