-- One row per unit: its latest accepted total of each kind, where the rows that count are from another file.
-- chk_at_<column>: the position of the file with the total; chk_rows_<column>: the total from the rows;
-- chk_file_<section>: the file of the rows.
{% set latest = "(t.set_back IS NULL, coalesce(t.turn, 0))" | sql -%}
WITH total AS (
    SELECT b.unit_code
           {%- for field in fields %}{% set column = field.column_name | identifier %},
           arg_max(b.{{ column }}, {{ latest }}) FILTER (WHERE b.{{ column }} IS NOT NULL) AS {{ column }},
           arg_max(d.position, {{ latest }}) FILTER (WHERE b.{{ column }} IS NOT NULL)
               AS {{ ("chk_at_" ~ field.column_name) | identifier }}
           {%- endfor %}
    FROM {{ table | identifier }} b
    JOIN submission s ON s.submission_id = b.submission_id AND s.status = 'accepted'
    JOIN submission_draft d ON d.submission_id = b.submission_id
    LEFT JOIN file_turn t ON t.submission_id = b.submission_id
    GROUP BY b.unit_code
)
SELECT 0 AS row
       {%- for field in fields %}{% set at = ("chk_at_" ~ field.column_name) | identifier %},
       CASE WHEN {{ at }} <> {{ ("rows_" ~ field.from_rows.section) | identifier }}.at
            THEN {{ field.column_name | identifier }} END AS {{ field.column_name | identifier }},
       {{ at }}, {{ ("chk_rows_" ~ field.column_name) | identifier }}
       {%- endfor %}
       {%- for section, _ in sections %}, {{ ("chk_file_" ~ section) | identifier }}{% endfor %}
FROM total
{%- for section, totals_query in sections %}
{%- set rows = ("rows_" ~ section) | identifier %}
-- the unit's rows that count: the position (`at`; 0 if several) and name of their file, and the totals from them
LEFT JOIN (
    SELECT * FROM (
        SELECT k.unit_code, CASE WHEN bool_and(k.is_whole) THEN max(d.position) ELSE 0 END AS at,
               max_by(d.file_name, d.position) AS {{ ("chk_file_" ~ section) | identifier }}
        FROM counted_section k
        JOIN submission_draft d USING (submission_id)
        WHERE k.section = {{ section | literal }}
        GROUP BY k.unit_code)
    JOIN ({{ totals_query | sql }}) USING (unit_code)
) AS {{ rows }} ON {{ rows }}.unit_code = total.unit_code
{%- endfor %}
ORDER BY total.unit_code
