-- One row per unit with an accepted report, at its latest by its own date. chk_given_<count> is true where one of its
-- accepted files gives the count, as a total or in rows, where a finding speaks of it already, and, of attendance, where no
-- meeting was held.
WITH accepted AS (
    SELECT s.unit_code, s.submission_id, d.position, d.reporter
    FROM submission s
    JOIN submission_draft d USING (submission_id)
    WHERE s.status = 'accepted'
),
noted AS (
    SELECT unit_code, list(DISTINCT p.section || '.' || p.field) AS places
    FROM finding_placed p
    JOIN accepted USING (submission_id)
    WHERE p.field IS NOT NULL
    GROUP BY unit_code
)
SELECT 0 AS row,
       max_by(position, ({% for day in days %}coalesce(b.{{ day | identifier }}, DATE '0001-01-01'), {% endfor %}position)) AS position,
       bool_or(accepted.reporter = 'commune') AS chk_is_commune,
       bool_or(accepted.reporter = 'district_org') AS chk_is_district_org
       {%- for one in asked %}{% set column = one.field.column_name %},
       count(b.{{ column | identifier }}) > 0
           {%- if one.field.from_rows %} OR count({{ ("chk_rows_" ~ column) | identifier }}) > 0{% endif %}
           {%- if one.held %}{% set held = one.held.column_name %}
           OR NOT coalesce(bool_or(greatest(b.{{ held | identifier }}, {{ ("chk_rows_" ~ held) | identifier }}) > 0), false){% endif %}
           OR coalesce(list_has_any(any_value(noted.places), [{{ one.places | literals }}]), false) AS {{ ("chk_given_" ~ column) | identifier }}
       {%- endfor %}
FROM accepted
JOIN {{ table | identifier }} b USING (submission_id)
LEFT JOIN noted ON noted.unit_code = accepted.unit_code
{% for totals_query in totals.values() -%}
LEFT JOIN ({{ totals_query | sql }}) USING (submission_id)
{% endfor -%}
GROUP BY accepted.unit_code
ORDER BY position
