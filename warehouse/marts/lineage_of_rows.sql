-- One row per value of the mart {{ table | literal }} that was read from a file. Where a unit's rows come from several files, each
-- value is traced to the file that gives it.
{% from "macros.sql" import row_name with context -%}
{% macro of_the_mart() -%}
  {%- if table != section.table %}
  SEMI JOIN {{ table | identifier }} AS line
    ON line.unit_code = rows.unit_code
   {%- for key in section.row_key %}
   AND line.{{ section.by_key[key].column_name | identifier }} = rows.{{ section.by_key[key].column_name | identifier }}
   {%- endfor %}
  {%- endif %}
{%- endmacro -%}
SELECT {{ table | literal }} AS table_name, named.unit_code, named.row_name,
       {% if renamed -%}
       CASE fact.field {% for key, column in renamed %}WHEN {{ key | literal }} THEN {{ column | literal }} {% endfor %}ELSE fact.field END
       {%- else %}fact.field{% endif %} AS field,
       named.submission_id, fact.sheet, fact.cell, nullif(fact.raw, '') AS raw_text
FROM work.fact AS fact
JOIN (
  SELECT submission.sha256, rows.row, rows.unit_code, rows.submission_id, {{ row_name(section) }} AS row_name,
         NULL AS field, {{ took_place(section) | sql }} AS took_place
  FROM work.{{ ("counted_" ~ section.key) | identifier }} AS rows
  JOIN work.counted_section AS counted
    ON counted.unit_code = rows.unit_code AND counted.section = {{ section.key | literal }} AND counted.is_whole
  JOIN submission ON submission.submission_id = rows.submission_id
  {{- of_the_mart() }}
  UNION ALL
  SELECT submission.sha256, value.row, rows.unit_code, value.submission_id, {{ row_name(section) }} AS row_name,
         value.field, {{ took_place(section) | sql }} AS took_place
  FROM work.{{ ("combined_" ~ section.key) | identifier }} AS rows
  JOIN work.combined_value AS value
    ON value.unit_code = rows.unit_code AND value.place = rows.place AND value.section = {{ section.key | literal }}
  JOIN submission ON submission.submission_id = value.submission_id
  {{- of_the_mart() }}
) AS named ON named.sha256 = fact.sha256 AND named.row = fact.row AND coalesce(named.field = fact.field, true)
WHERE fact.section = {{ section.key | literal }} AND fact.value IS NOT NULL
  AND fact.field IN ({{ section.fields | map(attribute="key") | literals }})
  {%- for field in section.fields if section.held_when and field.type == "mark" %}
  AND NOT (fact.field = {{ field.key | literal }} AND named.took_place IS NOT TRUE)
  {%- endfor %}
