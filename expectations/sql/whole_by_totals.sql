-- The files of `several_files` whose table is complete by their own totals: the number of rows, else all sums that are given.
{% macro same(column) -%}
b.{{ column | identifier }} = r.{{ ("chk_rows_" ~ column) | identifier }}
{%- endmacro -%}
SELECT b.submission_id
FROM {{ table | identifier }} b
JOIN ({{ totals_query | sql }}) r USING (submission_id)
SEMI JOIN several_files f ON f.submission_id = b.submission_id
WHERE coalesce({% for column in counts %}{{ same(column) }} OR {% endfor %}false, false)
   OR ({% for column in counts %}b.{{ column | identifier }} IS NULL AND {% endfor %}true
       AND {% for column in totals %}coalesce(b.{{ column | identifier }}, 0) + {% endfor %}0 > 0
       {%- for column in totals %}
       AND coalesce({{ same(column) }}, true)
       {%- endfor %})
