-- One row per organisation and commune: the line that an officer chose, else the organisation's own, else the
-- commune's (docs/domain.md, "Two sources for one fact").
{% from "macros.sql" import columns, in_window with context -%}
{% set section = form.by_key["orgs"] -%}
WITH line AS (
  SELECT reported.*,
         CASE WHEN (reported.organisation, reported.commune_code, reported.unit_code) IN (
                SELECT (organisation, commune_code, unit_code) FROM work.decision
                WHERE kind = 'settle' AND state = 'in_force') THEN 0
              WHEN unit.type = 'district_org' AND coalesce(unit.kind, organisation) = organisation THEN 1
              WHEN reported.unit_code = commune_code THEN 2 END AS source
  FROM org_meeting_reported AS reported
  JOIN unit ON unit.code = reported.unit_code
)
SELECT unit_code, submission_id, {{ columns(section, "line") }}
       {%- if section.window %}, {{ in_window(section) }} AS in_window{% endif %}
FROM line
WHERE source IS NOT NULL
QUALIFY row_number() OVER (
  PARTITION BY organisation, commune_code
  ORDER BY source, unit_code, {{ columns(section, "line") }}) = 1
ORDER BY organisation, commune_code
