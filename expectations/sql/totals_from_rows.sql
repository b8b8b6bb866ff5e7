-- Per {{ of | identifier }} with rows in the table: the totals that these rows give.
SELECT {{ of | identifier }}
       {%- for field in fields %},
       ({{ field.from_rows.value | sql }})::BIGINT AS {{ ("chk_rows_" ~ field.column_name) | identifier }}
       {%- endfor %}
FROM {{ table | identifier }}
GROUP BY {{ of | identifier }}
