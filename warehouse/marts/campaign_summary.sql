-- One row: the whole campaign. A sum that no unit gives a number for is NULL, not 0; before the first report it is 0.
WITH units AS (
  SELECT count(*) AS units_expected,
         count(*) FILTER (WHERE status = 'accepted') AS units_reported,
         count(*) FILTER (WHERE status = 'accepted' AND on_time) AS units_on_time,
         count(*) FILTER (WHERE status = 'accepted' AND NOT on_time) AS units_late,
         count(*) FILTER (WHERE status = 'returned') AS units_returned,
         count(*) FILTER (WHERE status = 'missing') AS units_missing
  FROM unit_status
),
sums AS (
  SELECT count(*) AS unit_rows
         {%- for key in summed %},
         CASE WHEN count(*) = 0 THEN 0 ELSE TRY_CAST(sum({{ key | identifier }}) AS BIGINT) END AS {{ key | identifier }}{% endfor %}
  FROM unit_summary
)
{%- if form.has("cells", "held_on") %},
cells AS (
  SELECT count(*) FILTER (WHERE in_window) AS cells_in_window,
         count(*) FILTER (WHERE NOT in_window) AS cells_out_of_window,
         count(held_on) AS cells_dated
  FROM cell_meeting
)
{%- endif %}
{%- if form.has("orgs", "branches_total") %},
orgs AS (
  SELECT CASE WHEN count(*) = 0 THEN 0 ELSE TRY_CAST(sum(branches_total) AS BIGINT) END AS org_branches_total,
         CASE WHEN count(*) = 0 THEN 0 ELSE TRY_CAST(sum(branches_held) AS BIGINT) END AS org_branches_held
  FROM org_meeting
)
{%- endif %}
SELECT units.*, sums.* EXCLUDE (unit_rows)
       {%- if form.has("cells", "held_on") %},
       cells.* EXCLUDE (cells_dated),
       {% if "cells_held" in summed %}sums.cells_held{% else %}cells_dated{% endif %} - cells_dated AS cells_date_unknown
       {%- endif %}
       {%- if form.has("orgs", "branches_total") %}, orgs.*{% endif %}
FROM units, sums
     {%- if form.has("cells", "held_on") %}, cells{% endif %}
     {%- if form.has("orgs", "branches_total") %}, orgs{% endif %}
