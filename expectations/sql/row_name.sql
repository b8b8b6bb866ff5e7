-- Of each row of a section: submission_id, section, row, row_name as findings give it, the expression `name` over the row
-- `b` and the commune `u` that it is of.
SELECT b.submission_id, {{ section | literal }} AS section, b.row, {{ name | sql }} AS row_name
FROM {{ table | identifier }} b
LEFT JOIN unit u ON u.unit_code = {% if commune %}b.{{ commune | identifier }}{% else %}NULL{% endif %}
