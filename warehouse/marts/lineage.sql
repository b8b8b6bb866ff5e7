-- One row per value of a mart that was read from a file. Where rows gave a key of unit_summary, its own cell in the
-- file counts for nothing and is not listed: that key is traced by its query to the rows, and these to their cells.
{% from "macros.sql" import counted_rows, row_name with context -%}
SELECT 'unit_summary' AS table_name, pair.unit_code, NULL AS row_name, pair.field, pair.submission_id, pair.sheet,
       pair.cell, pair.raw_text
FROM pair_value AS pair
ANTI JOIN (SELECT unit_code, field FROM rows_total WHERE value IS NOT NULL) AS win USING (unit_code, field)
WHERE pair.field IN ({% for section, field in pairs %}'{{ field.key }}'{{ ", " if not loop.last }}{% endfor %})
{%- for table, section in traced_tables %}
UNION ALL
SELECT '{{ table }}', named.unit_code, named.row_name, coalesce(renamed.column_name, fact.field),
       named.submission_id, fact.sheet, fact.cell, nullif(fact.raw, '')
FROM work.fact AS fact
JOIN (
  SELECT submission.sha256, rows.row, rows.unit_code, rows.submission_id, {{ row_name(section) }} AS row_name
  FROM {{ counted_rows(section) }}
  JOIN submission ON submission.submission_id = rows.submission_id
  {%- if table != section.table %}
  SEMI JOIN {{ table }} AS line
    ON line.unit_code = rows.unit_code
   {%- for key in section.row_key %} AND line.{{ section.by_key[key].column_name }} = rows.{{ section.by_key[key].column_name }}
   {%- endfor %}
  {%- endif %}
) AS named ON named.sha256 = fact.sha256 AND named.row = fact.row
LEFT JOIN (VALUES ('', ''){% for key, column in renamed %}, ('{{ key }}', '{{ column }}'){% endfor %}) AS renamed(field, column_name) ON renamed.field = fact.field
WHERE fact.section = '{{ section.key }}' AND fact.value IS NOT NULL
{%- endfor %}
