-- One row per rule that is broken in values that still count, errors first: how often, in how many units, and these by
-- name where they are few. Files that are held or withdrawn are left out.
SELECT rule, severity, count(*) AS findings, count(DISTINCT coalesce(file.unit_code, submission_id)) AS units,
       CASE WHEN units <= $most THEN list_sort(list(DISTINCT coalesce(unit_name, file_name, 'quyết định của cán bộ'))) ELSE [] END AS names
FROM finding
LEFT JOIN reported_file AS file USING (submission_id)
LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
WHERE NOT finding.replaced AND file.set_aside IS NOT TRUE
GROUP BY rule, severity
ORDER BY severity <> 'error', findings DESC, rule
