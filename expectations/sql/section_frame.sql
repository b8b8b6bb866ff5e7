-- The rows of a section in the order of receipt: position, row, and the columns that its checks name.
SELECT d.position, b.row
       {%- for column, expression in columns %},
       {{ expression | sql }} AS {{ column | identifier }}
       {%- endfor %}
FROM {{ table | identifier }} b
JOIN submission_draft d USING (submission_id)
{% for totals_query in joined -%}
LEFT JOIN ({{ totals_query | sql }}) USING (submission_id)
{% endfor -%}
{% if conditions -%}
JOIN ({{ conditions | sql }}) met USING (submission_id, row)
{% endif -%}
ORDER BY d.position, b.row
