-- The rows of a section in `several_files`: key, name, whether it has content, which of the `filled` columns have a
-- value, whether it shows that its meeting took place (`shows_held`), and whether a note states that it did not.
SELECT b.submission_id, b.row, b.chk_row_key, n.row_name, {{ has_content | sql }},
       [{% for field in filled %}
            {%- if not loop.first %},
        {% endif -%}
        CASE WHEN b.{{ field.column_name | identifier }} IS NOT NULL THEN {{ field.key | literal }} END
        {%- endfor %}],
       {{ shows_held | sql }}, list_contains(string_split(f.not_held_rows, ','), {{ (section ~ ":") | literal }} || b.row)
FROM {{ table | identifier }} b
JOIN several_files f ON f.submission_id = b.submission_id
LEFT JOIN ({{ row_names | sql }}) n ON n.submission_id = b.submission_id AND n.row = b.row
ORDER BY b.submission_id, b.row
