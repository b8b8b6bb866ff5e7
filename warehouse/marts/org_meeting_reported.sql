-- One row per line reported: the communes' lines and the organisations', which may speak of the same meeting.
{% from "macros.sql" import own_columns, counted_rows with context -%}
{% set section = form.by_key["orgs"] -%}
SELECT rows.unit_code, rows.submission_id, {{ own_columns(section, "rows") }}
FROM {{ counted_rows(section) }}
ORDER BY rows.unit_code, rows.place
