-- One row per party cell, and whether it met within the window (II.4).
{% from "macros.sql" import own_columns, counted_rows, in_window with context -%}
{% set section = form.by_key["cells"] -%}
SELECT rows.unit_code, rows.submission_id, {{ own_columns(section, "rows") }}
       {%- if section.window %}, {{ in_window(section) }} AS in_window{% endif %}
FROM {{ counted_rows(section) }}
ORDER BY rows.unit_code, rows.place
