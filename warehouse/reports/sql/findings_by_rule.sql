-- One row per rule that is broken where nothing has replaced it since, the errors first: how often, and in how many units;
-- these by name where they are few. A file that is held or was withdrawn says nothing of its unit.
SELECT rule, severity, count(*) AS findings, count(DISTINCT coalesce(file.unit_code, submission_id)) AS units,
       CASE WHEN units <= $most THEN list_sort(list(DISTINCT coalesce(unit_name, file_name, 'quyết định của cán bộ'))) ELSE [] END AS names
FROM finding
LEFT JOIN file_told AS file USING (submission_id)
LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
WHERE NOT finding.replaced AND file.set_aside IS NOT TRUE
GROUP BY rule, severity
ORDER BY severity <> 'error', findings DESC, rule
