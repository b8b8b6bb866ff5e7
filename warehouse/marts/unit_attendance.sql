-- One row per unit with members: the two numbers of each share over members, over the cells that give both. A cell that
-- did not meet had nobody attending. Where a unit's rows do not say it, its own totals do: rows without a column of days
-- do not say that no cell met, so that they are believed only where the unit has none that met.
{% set took_place = took_place(form.by_key["cells"]) -%}
WITH of_rows AS (
  SELECT unit_code,
         count_if({{ took_place | sql }}) AS met,
         count_if({{ took_place | sql }} AND members_attended IS NOT NULL AND members_total IS NOT NULL) AS known,
         sum(members_attended) FILTER ({{ took_place | sql }} AND members_total IS NOT NULL) AS attended_met,
         sum(members_total) FILTER ({{ took_place | sql }} AND members_attended IS NOT NULL) AS members_met,
         coalesce(sum(members_total) FILTER (NOT ({{ took_place | sql }})), 0) AS members_not_met,
         sum(members_assigned) FILTER (members_total IS NOT NULL) AS assigned,
         sum(members_total) FILTER (members_assigned IS NOT NULL) AS members_of_assigned
  FROM cell_meeting
  GROUP BY unit_code
),
unit AS (
  SELECT unit_code, of_rows.* EXCLUDE (unit_code),
         coalesce(known > 0 OR (met = 0 AND own.cells_held = 0), false) AS attendance_by_rows,
         coalesce(assigned IS NOT NULL AND members_of_assigned > 0, false) AS assigned_by_rows,
         CASE WHEN own.members_attended IS NOT NULL THEN own.members_total END AS own_members,
         CASE WHEN own.members_total IS NOT NULL THEN own.members_attended END AS own_attended,
         CASE WHEN own.members_assigned IS NOT NULL THEN own.members_total END AS own_members_of_assigned,
         CASE WHEN own.members_total IS NOT NULL THEN own.members_assigned END AS own_assigned,
         coalesce(own.cells_held = own.cells_total, false) AS all_met,
         coalesce(own.cells_held = 0, false) AS none_met
  FROM unit_summary AS own
  LEFT JOIN of_rows USING (unit_code)
)
SELECT unit_code,
       CASE WHEN attendance_by_rows THEN coalesce(members_met, 0) + members_not_met ELSE own_members END AS members_known,
       CASE WHEN attendance_by_rows THEN coalesce(attended_met, 0) ELSE own_attended END AS members_attended,
       CASE WHEN attendance_by_rows THEN members_met WHEN all_met THEN own_members END AS members_met,
       CASE WHEN attendance_by_rows THEN attended_met WHEN all_met THEN own_attended END AS members_attended_met,
       CASE WHEN attendance_by_rows THEN known = met
            ELSE none_met OR (all_met AND own_members IS NOT NULL AND own_attended IS NOT NULL) END AS is_complete,
       CASE WHEN assigned_by_rows THEN members_of_assigned ELSE own_members_of_assigned END AS members_of_assigned,
       CASE WHEN assigned_by_rows THEN assigned ELSE own_assigned END AS members_assigned
FROM unit
WHERE coalesce(members_known, members_of_assigned, own_members_of_assigned) IS NOT NULL
ORDER BY unit_code
