-- One row per village or neighbourhood, and what the election is to change there (I).
{% from "macros.sql" import columns, counted_rows with context -%}
{% set section = form.by_key["villages"] -%}
SELECT rows.unit_code, rows.submission_id, {{ columns(section, "rows") }}
       {%- if form.has("villages", "head_is_party") and form.has("villages", "candidate_is_party") %},
       CASE WHEN head_is_party AND candidate_is_party THEN 'stays'
            WHEN NOT head_is_party AND candidate_is_party THEN 'gains'
            WHEN head_is_party AND NOT candidate_is_party THEN 'loses'
            WHEN NOT head_is_party AND NOT candidate_is_party THEN 'none'
       END AS head_change
       {%- endif %}
FROM {{ counted_rows(section) }}
ORDER BY rows.unit_code, rows.place
