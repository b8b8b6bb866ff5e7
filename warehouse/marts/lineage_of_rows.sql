-- One row per value of the mart `{{ table }}` that was read from a file.
{% from "macros.sql" import counted_rows, row_name with context -%}
SELECT '{{ table }}' AS table_name, named.unit_code, named.row_name,
       {% if renamed -%}
       CASE fact.field {% for key, column in renamed %}WHEN '{{ key }}' THEN '{{ column }}' {% endfor %}ELSE fact.field END
       {%- else %}fact.field{% endif %} AS field,
       named.submission_id, fact.sheet, fact.cell, nullif(fact.raw, '') AS raw_text
FROM work.fact AS fact
JOIN (
  SELECT submission.sha256, rows.row, rows.unit_code, rows.submission_id, {{ row_name(section) }} AS row_name
  FROM {{ counted_rows(section) }}
  JOIN submission ON submission.submission_id = rows.submission_id
  {%- if table != section.table %}
  SEMI JOIN {{ table }} AS line
    ON line.unit_code = rows.unit_code
   {%- for key in section.row_key %}
   AND line.{{ section.by_key[key].column_name }} = rows.{{ section.by_key[key].column_name }}
   {%- endfor %}
  {%- endif %}
) AS named ON named.sha256 = fact.sha256 AND named.row = fact.row
WHERE fact.section = '{{ section.key }}' AND fact.value IS NOT NULL
  AND fact.field IN ({% for field in section.fields %}'{{ field.key }}'{{ ", " if not loop.last }}{% endfor %})
