-- One row per village or neighbourhood.
{% from "macros.sql" import columns, counted_rows with context -%}
{% set section = form.by_key["villages"] -%}
SELECT rows.unit_code, rows.submission_id, {{ columns(section, "rows") }}
FROM {{ counted_rows(section) }}
ORDER BY rows.unit_code, rows.place
