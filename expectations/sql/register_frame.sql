-- One row per unit with an accepted report: what its rows that count, else its own latest total, give of what the register
-- knows as well. chk_at_<count> is the position of the file with its own total, else of the unit's latest.
-- chk_sum_<count> of lines is known only where no line of the unit is lacking: six organisations, or all communes.
WITH latest AS (
    SELECT s.unit_code, max(d.position) AS position
    FROM submission s JOIN submission_draft d USING (submission_id)
    WHERE s.status = 'accepted'
    GROUP BY s.unit_code
){% if pairs %},
own AS (
    SELECT s.unit_code
           {%- for pair in pairs %}{% set column = pair.field.column_name %},
           arg_max(b.{{ column | identifier }}, d.position) AS {{ ("own_" ~ column) | identifier }},
           max(d.position) FILTER (WHERE b.{{ column | identifier }} IS NOT NULL) AS {{ ("at_" ~ column) | identifier }}
           {%- endfor %}
    FROM {{ pairs[0].table | identifier }} b
    JOIN submission s ON s.submission_id = b.submission_id AND s.status = 'accepted'
    JOIN submission_draft d ON d.submission_id = b.submission_id
    GROUP BY s.unit_code
)
{%- endif %}
SELECT 0 AS row
       {%- for pair in pairs %}{% set column = pair.field.column_name %},
       coalesce({% if pair.rows %}{{ ("rows_" ~ column) | identifier }}.{{ ("chk_rows_" ~ column) | identifier }}, {% endif %}own.{{ ("own_" ~ column) | identifier }}) AS {{ ("chk_sum_" ~ column) | identifier }},
       coalesce(own.{{ ("at_" ~ column) | identifier }}, latest.position) AS {{ ("chk_at_" ~ column) | identifier }},
       u.{{ ("register_" ~ pair.field.in_register) | identifier }} AS {{ ("chk_register_" ~ column) | identifier }},
       {{ ("chk_sum_" ~ column) | identifier }}::VARCHAR AS {{ ("chk_text_" ~ column) | identifier }}
       {%- endfor %}
       {%- for line in lines %}{% set column = line.field.column_name %}{% set sums = ("lines_" ~ column) | identifier %},
       {{ sums }}.total AS {{ ("chk_sum_" ~ column) | identifier }}, latest.position AS {{ ("chk_at_" ~ column) | identifier }},
       u.{{ ("register_" ~ line.field.in_register) | identifier }} AS {{ ("chk_register_" ~ column) | identifier }},
       {{ sums }}.total::VARCHAR AS {{ ("chk_text_" ~ column) | identifier }}
       {%- endfor %}
FROM latest
JOIN unit u USING (unit_code)
{% if pairs %}LEFT JOIN own USING (unit_code){% endif %}
{% for pair in pairs if pair.rows -%}
LEFT JOIN ({{ pair.rows | sql }}) AS {{ ("rows_" ~ pair.field.column_name) | identifier }} USING (unit_code)
{% endfor -%}
{% for line in lines -%}
LEFT JOIN (
    SELECT b.unit_code, sum(b.{{ line.field.column_name | identifier }}) AS total
    FROM {{ line.table | identifier }} b
    JOIN unit reporter ON reporter.unit_code = b.unit_code
    GROUP BY b.unit_code, reporter.reporter
    HAVING bool_and(b.{{ line.field.column_name | identifier }} IS NOT NULL)
       AND CASE reporter.reporter WHEN 'commune' THEN count(DISTINCT b.{{ line.organisation | identifier }}) = {{ line.organisations }}
           ELSE count(DISTINCT b.{{ line.commune | identifier }}) = {{ line.communes }} END
) AS {{ ("lines_" ~ line.field.column_name) | identifier }} USING (unit_code)
{% endfor -%}
ORDER BY latest.position
