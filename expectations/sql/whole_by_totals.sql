-- Of `several_files` those whose own totals say that their table is whole: the count of its rows, else all sums given.
{% macro same(column) -%}
b.{{ column | identifier }} = r.{{ ("chk_rows_" ~ column) | identifier }}
{%- endmacro -%}
SELECT b.submission_id
FROM {{ table | identifier }} b
JOIN ({{ rows_tell | sql }}) r USING (submission_id)
SEMI JOIN several_files f ON f.submission_id = b.submission_id
WHERE coalesce({% for column in counts %}{{ same(column) }} OR {% endfor %}false, false)
   OR ({% for column in counts %}b.{{ column | identifier }} IS NULL AND {% endfor %}true
       AND {% for column in totals %}coalesce(b.{{ column | identifier }}, 0) + {% endfor %}0 > 0
       {%- for column in totals %}
       AND coalesce({{ same(column) }}, true)
       {%- endfor %})
