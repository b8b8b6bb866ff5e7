-- One row per row of {{ section | literal }}, in the order of receipt. A column chk_<kind>_<count> is false where
-- `far_value` lists the count; chk_<kind>_<count>_usual, chk_percent_<count> and chk_rows_<count> are what is said of it.
SELECT d.position, b.row
       {%- for column in columns %}, b.{{ column | identifier }}{% endfor %}
       {%- for name, key, kind, column in far %}
       {%- set f = name | identifier %},
       {{ f }}.field IS NULL AS {{ name | identifier }}
       {%- if kind == "all" %}, {{ f }}.row_count AS {{ ("chk_rows_" ~ column) | identifier }}
       {%- else %}, {{ f }}.usual AS {{ (name ~ "_usual") | identifier }}{% endif %}
       {%- if kind == "share" %}, {{ f }}.measure AS {{ ("chk_percent_" ~ column) | identifier }}{% endif %}
       {%- endfor %}
FROM {{ table | identifier }} b
JOIN submission_draft d USING (submission_id)
{% for name, key, kind, column in far -%}
LEFT JOIN (FROM far_value WHERE section = {{ section | literal }} AND field = {{ key | literal }} AND kind = {{ kind | literal }})
    AS {{ name | identifier }} ON {{ name | identifier }}.position = d.position AND {{ name | identifier }}.row = b.row
{% endfor -%}
ORDER BY d.position, b.row
